// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { sanitise } from './sanitise.ts';
import { renderMarkdown } from './streaming-markdown.ts';

function draw(text: string): HTMLElement {
  const root = document.createElement('div');
  root.innerHTML = renderMarkdown(text)
    .map((block) => (block.kind === 'html' ? block.html : ''))
    .join('');
  return root;
}
const forbidden =
  'script, iframe, svg, style, object, embed, form, link, meta, math, template, button, base, video, audio';

function dangerousAttributes(root: HTMLElement): string[] {
  const allowed: Record<string, RegExp> = {
    href: /^(https?:|mailto:)/,
    src: /^data:image\/(png|jpeg|gif|webp|avif);base64,/,
  };
  return [...root.querySelectorAll('*')]
    .flatMap((element) => [...element.attributes])
    .filter(({ name, value }) => /^on|^style$|^srcdoc$|^formaction$/.test(name) || allowed[name]?.test(value) === false)
    .map(({ name, value }) => `${name}=${value}`);
}

const attacks = [
  '<script>alert(1)</script>',
  'text <img src=x onerror=alert(1)> text',
  '<iframe src="https://evil.example"></iframe>',
  '<svg><script>alert(1)</script></svg>',
  '<svg onload=alert(1)>',
  '<style>*{display:none}</style>',
  '<a href="javascript:alert(1)">x</a>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java\tscript:alert(1))',
  '[x](&#106;avascript:alert(1))',
  '[x](vbscript:x)',
  '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)',
  '![x](javascript:alert(1))',
  '![x"onerror="alert(1)](https://evil.example/a.png)',
  '[x](https://evil.example/"onmouseover="alert(1))',
  '[x](https://evil.example "t\\" onclick=\\"alert(1)")',
  '<https://evil.example/"onclick=alert(1)>',
  '```"><img src=x onerror=alert(1)>\ncode\n```',
  '- ```"><img src=x onerror=alert(1)>\n  code\n  ```',
  '| <img src=x onerror=alert(1)> |\n|---|\n| <script>x</script> |',
  '<math><mtext></math><img src=x onerror=alert(1)>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<div style="position:fixed;inset:0">over</div>',
  '[ref][x]\n\n[x]: javascript:alert(1)',
  '<form action="https://evil.example"><button>x</button></form>',
];

describe('hostile markdown', () => {
  it.each(attacks)('does nothing: %s', (attack) => {
    for (const text of [attack, `**a ${attack}`, `> ${attack}`, `- ${attack}`]) {
      const root = draw(text);
      expect(root.querySelectorAll(forbidden)).toHaveLength(0);
      expect(dangerousAttributes(root)).toEqual([]);
    }
  });

  it('shows HTML as the text it is', () => {
    expect(draw('a <b>bold</b> tag').textContent).toBe('a <b>bold</b> tag');
    expect(draw('<div>\nblock\n</div>').textContent).toBe('<div>\nblock\n</div>');
  });

  it('opens links elsewhere and tells their page nothing', () => {
    const link = draw('[x](https://example.com)').querySelector('a');
    expect(link?.rel).toContain('noopener');
    expect(link?.rel).toContain('noreferrer');
    expect(link?.target).toBe('_blank');
  });

  it('makes a remote picture a link, so that nothing is fetched unasked', () => {
    const root = draw('![cat](https://example.com/cat.png)');
    expect(root.querySelector('img')).toBeNull();
    expect(root.querySelector('a')?.textContent).toBe('cat');
  });

  it('has a second wall behind the renderer', () => {
    expect(sanitise('<p onclick="x()">a<script>x</script><a href="javascript:x">b</a></p>')).toBe('<p>a<a>b</a></p>');
  });
});
