import highlighter from 'highlight.js/lib/core';
import typescript from 'highlight.js/lib/languages/typescript';
import { describe, expect, it } from 'vitest';
import { rangesOf } from './highlight-ranges.ts';
import { paintCode } from './paint-code.ts';

highlighter.registerLanguage('typescript', typescript);
const code = 'const a: string = `x ${b + "<&>"}`; // it\'s\nif (a < 3 && b > 2) run("é🙂");\n';

describe('highlighting', () => {
  it('gives back exactly the code, coloured', () => {
    const element = document.createElement('code');
    paintCode(element, code, rangesOf(highlighter.highlight(code, { language: 'typescript' }).value));
    expect(element.textContent).toBe(code);
    expect(element.querySelector('.hljs-keyword')?.textContent).toBe('const');
    expect(element.querySelector('.hljs-comment')?.textContent).toBe("// it's");
  });

  it('writes what looks like HTML as text', () => {
    const element = document.createElement('code');
    paintCode(element, '<img src=x onerror=alert(1)>', [[0, 4, 'hljs-tag']]);
    expect(element.querySelector('img')).toBeNull();
    expect(element.textContent).toBe('<img src=x onerror=alert(1)>');
  });
});
