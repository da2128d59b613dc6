import { pino } from 'pino';

const REDACTED = '[redacted]';
/** Deeper than any object we log on purpose. */
const MAX_DEPTH = 8;

/** Whatever stands under such a name, written in any way, is a credential or holds one. */
const secretName =
  /^(?:key|current|next|cookies?|setcookie|auth|session)$|password|passphrase|secret|authorization|token$|apikey|credential/;
/** Credentials in texts of others: in addresses, headers and cookies that an error quotes. */
const inText: readonly [RegExp, string][] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*:)[^\s@"]+(?=@)/gi, `$1${REDACTED}`],
  [/\b(bearer|basic) +[\w.~+/=-]{6,}/gi, `$1 ${REDACTED}`],
  [
    /\b((?:parley_session|set-cookie|cookie|authorization|x-api-key|api[_-]?key|password|secret|token)["']?\s*[=:]\s*["']?)(?!bearer |basic |\[redacted)[^\s"',;&]{4,}/gi,
    `$1${REDACTED}`,
  ],
  [/\b(?:parley_[\w-]{40,}|(?:sk|pk|rk)[-_][\w-]{16,})/g, REDACTED],
];

/** A copy of what is to be logged in which no credential is left, however deep it stands. */
export function redact(value: Record<string, unknown>): Record<string, unknown> {
  return copy(value, 0, new Set()) as Record<string, unknown>;
}

function copy(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH || above.has(value)) return '[…]';
  above.add(value);
  const copied = copyObject(value, depth, above);
  above.delete(value);
  return copied;
}

function copyObject(value: object, depth: number, above: Set<object>): unknown {
  if (Array.isArray(value)) return value.map((one) => copy(one, depth + 1, above));
  if (Buffer.isBuffer(value)) return `[${value.length} bytes]`;
  const plain: object = value instanceof Error ? pino.stdSerializers.err(value) : value;
  if ('toJSON' in plain && typeof plain.toJSON === 'function') return copy(plain.toJSON(), depth + 1, above);
  return Object.fromEntries(
    Object.entries(plain).map(([name, inner]) => [
      name,
      isSecret(name, inner) ? REDACTED : copy(inner, depth + 1, above),
    ]),
  );
}

function isSecret(name: string, value: unknown): boolean {
  return value !== undefined && value !== null && secretName.test(name.toLowerCase().replaceAll(/[-_]/g, ''));
}

export function redactText(text: string): string {
  return inText.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), text);
}
