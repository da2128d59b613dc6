import { randomBytes } from 'node:crypto';

import type { BoundSecret } from '../sandbox-host.ts';

/**
 * A secret and the placeholder that plugin code holds instead of it. The placeholder needs no escaping in a header or a
 * query, carries the name for people who debug, and is new for every call, so that text of an earlier one means nothing.
 */
export interface HeldSecret extends BoundSecret {
  placeholder: string;
}

const placeholderPattern = /parley-secret\.[A-Za-z][A-Za-z0-9_]{0,62}\.[0-9a-f]{32}/g;

/** Secrets of one name (bound to several grants) share a placeholder. */
export function holdSecrets(secrets: readonly BoundSecret[]): HeldSecret[] {
  const byName = new Map<string, string>();
  return secrets.map((secret) => {
    let placeholder = byName.get(secret.name);
    if (placeholder === undefined) {
      placeholder = `parley-secret.${secret.name}.${randomBytes(16).toString('hex')}`;
      byName.set(secret.name, placeholder);
    }
    return { ...secret, placeholder };
  });
}

/** What plugin code may see of them: name to placeholder. */
export function placeholders(secrets: readonly HeldSecret[]): Record<string, string> {
  return Object.fromEntries(secrets.map((secret) => [secret.name, secret.placeholder]));
}

export function mentionsPlaceholder(text: string): boolean {
  return text.includes('parley-secret.');
}

/** `replace` returns undefined where the placeholder may not be replaced; then the whole answer is undefined. */
export function replacePlaceholders(
  text: string,
  replace: (placeholder: string) => string | undefined,
): string | undefined {
  let refused = false;
  const replaced = text.replace(placeholderPattern, (placeholder) => {
    const value = replace(placeholder);
    if (value === undefined) refused = true;
    return value ?? '';
  });
  return refused ? undefined : replaced;
}
