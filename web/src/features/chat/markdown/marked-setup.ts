import { Lexer, Marked, type Token, type Tokens } from 'marked';
import { escapeHtml } from './escape-html.ts';
import { isHttps, isInlineImage, safeLink } from './safe-url.ts';

export type Links = Record<string, { href: string | null; title: string | null }>;

const marked = new Marked({
  gfm: true,
  renderer: {
    // A reply is text somebody else wrote: its HTML is shown, never obeyed.
    html: ({ text, type, block }: Tokens.HTML | Tokens.Tag) => {
      const shown = escapeHtml(type === 'html' && block ? text.trimEnd() : text);
      return type === 'html' && block ? `<p class="raw-html">${shown}</p>` : shown;
    },
    heading({ tokens, depth }) {
      // The chat's title is the h1 and each reply has its h2; replies skip levels, an outline must not.
      return `<h3 class="h${depth}">${this.parser.parseInline(tokens)}</h3>`;
    },
    // A disabled checkbox is a control without a name; a sign says the same.
    checkbox: ({ checked }) => `<span class="task">${checked ? '☑' : '☐'}</span> `,
    code: ({ text, lang }) =>
      `<pre><code${lang ? ` class="language-${escapeHtml(languageOf(lang))}"` : ''}>${escapeHtml(text)}</code></pre>`,
    table(token) {
      const cells = (row: Tokens.TableCell[], tag: 'th' | 'td') =>
        row.map(
          ({ tokens, align }) =>
            `<${tag}${align ? ` align="${align}"` : ''}>${this.parser.parseInline(tokens)}</${tag}>`,
        );
      const head = `<thead><tr>${cells(token.header, 'th').join('')}</tr></thead>`;
      const body = token.rows.map((row) => `<tr>${cells(row, 'td').join('')}</tr>`).join('');
      return `<div class="table-scroll"><table>${head}<tbody>${body}</tbody></table></div>`;
    },
    link({ href, title, tokens }) {
      return anchor(href, title, this.parser.parseInline(tokens));
    },
    image: ({ href, title, text }) => {
      const name = escapeHtml(text);
      if (isInlineImage(href)) return `<img src="${escapeHtml(href)}" alt="${name}">`;
      // Fetching it would tell its server who reads this chat, so it takes a click.
      return isHttps(href) ? anchor(href, title, name || escapeHtml(href), 'image-link') : name;
    },
  },
});

function anchor(href: string, title: string | null | undefined, label: string, className?: string): string {
  const safe = safeLink(href);
  if (safe === null) return label;
  const extra = (title ? ` title="${escapeHtml(title)}"` : '') + (className ? ` class="${className}"` : '');
  return `<a href="${escapeHtml(safe)}" target="_blank" rel="noopener noreferrer nofollow"${extra}>${label}</a>`;
}

/** `ts title="a.ts"` → `ts`. */
export function languageOf(info: string): string {
  return (info.match(/^\S+/)?.[0] ?? '').replace(/^\{?\.?|\}$/g, '').toLowerCase();
}

/** Block structure alone: inline text is the dear part of lexing. */
export function lexBlocks(text: string): { tokens: Token[]; links: Links } {
  const lexer = new Lexer(marked.defaults);
  const tokens = lexer.blockTokens(text, []);
  return { tokens, links: lexer.tokens.links as Links };
}

export function lexWhole(text: string, links: Links): Token[] {
  const lexer = new Lexer(marked.defaults);
  Object.assign(lexer.tokens.links, links);
  return lexer.lex(text);
}

/** HTML of tokens, not yet sanitised. */
export function toHtml(tokens: Token[]): string {
  return marked.parser(tokens);
}
