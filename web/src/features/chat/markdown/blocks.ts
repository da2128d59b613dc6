import { languageOf, lexWhole, toHtml, type Links } from './marked-setup.ts';
import { sanitise } from './sanitise.ts';

/** A piece of a reply that is drawn by itself. `key` is where it starts in the text, so a block keeps its element as it grows. */
export type Block =
  | { readonly kind: 'html'; readonly key: number; readonly raw: string; readonly html: string }
  | {
      readonly kind: 'code';
      readonly key: number;
      readonly raw: string;
      readonly language: string;
      readonly code: string;
      /** False while the fence is still open: it is not highlighted yet. */
      readonly closed: boolean;
    };

/** Null for what draws nothing, such as blank lines and link definitions. */
export function renderBlock(raw: string, key: number, links: Links): Block | null {
  const tokens = lexWhole(raw, links).filter((token) => token.type !== 'space' && token.type !== 'def');
  const only = tokens.length === 1 ? tokens[0] : undefined;
  if (only?.type === 'code') {
    return {
      kind: 'code',
      key,
      raw,
      language: languageOf((only['lang'] as string | undefined) ?? ''),
      code: only['text'] as string,
      closed: true,
    };
  }
  const html = sanitise(toHtml(tokens)).trim();
  return html === '' ? null : { kind: 'html', key, raw, html };
}
