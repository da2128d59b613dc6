// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../testing/seeded-random.ts';
import { completeTail } from './complete-tail.ts';
import { renderMarkdown, StreamingMarkdown } from './streaming-markdown.ts';
import type { Block } from './blocks.ts';

const sample = `Intro with **bold**, *em*, \`code\` and [a link](https://example.com/a_(b)).
Second line of it
===

1. one

2. two
   - nested *item*

     more of it
3. three

- [x] done
- [ ] open

| a | b |
|---|:-:|
| 1 | **2** |
| 3 | 4 |
text after the table

\`\`\`ts title="a.ts"
const a = \`x\`;

// # not a heading
\`\`\`

> quote
lazy line

> another

#hashtag stays text
# A heading
\`\`\`inline\`\`\` is no fence
***bold and em***
***

<div onclick="x()">raw</div>

Ünïcödé 中文，测试 👩‍👩‍👧 ~~gone~~ https://example.com/x?y=1&z=2

    indented code

~~~
open until the end
`;

const html = (blocks: readonly Block[]) =>
  blocks.map((block) => (block.kind === 'html' ? block.html : `[${block.language}]${block.code}`));

function streamed(text: string, seed: number, longest: number): readonly Block[] {
  const random = seededRandom(seed);
  const markdown = new StreamingMarkdown(completeTail);
  for (let at = 0; at < text.length;) {
    at = Math.min(text.length, at + 1 + Math.floor(random() * longest));
    markdown.push(text.slice(0, at));
    // Drawing the tail must change nothing; drawing it each time would only take long.
    if (random() < 0.1) markdown.tail();
  }
  return markdown.finish();
}

describe('markdown that streams', () => {
  it.each([1, 2, 3, 7, 20, 60, 300])('ends in the same blocks however it was cut (pieces up to %i)', (longest) => {
    expect(html(streamed(sample, longest, longest))).toEqual(html(renderMarkdown(sample)));
  });

  it.each(Array.from({ length: 60 }, (_, seed) => seed))('ends the same for odd texts too (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const parts = [
      'a',
      ' ',
      '\n',
      '\n\n',
      '- ',
      '1. ',
      '#',
      '# ',
      '```',
      '~~~',
      '**',
      '*',
      '_',
      '`',
      '|',
      '|-|-|\n',
      '>',
      '---\n',
    ];
    const more = [
      '[a](',
      '[b]: https://b.example\n',
      '[b]',
      ')',
      '![',
      '<b>',
      '<!--',
      '-->',
      '\t',
      '    ',
      '2.',
      '\r\n',
      '===\n',
    ];
    const all = [...parts, ...more];
    const text = Array.from({ length: 80 }, () => all[Math.floor(random() * all.length)]).join('');
    expect(html(streamed(text, seed, 6))).toEqual(html(renderMarkdown(text)));
  });

  it('seals a block once and never renders it again', () => {
    const markdown = new StreamingMarkdown();
    markdown.push('one\n\ntwo\n\nth');
    const [first] = markdown.sealed;
    markdown.push('one\n\ntwo\n\nthree\n\nfour');
    expect(markdown.sealed[0]).toBe(first);
    expect(markdown.finish()[0]).toBe(first);
  });

  it('keeps the seals it made while streaming true at the end for ordinary replies', () => {
    const markdown = new StreamingMarkdown();
    for (let at = 1; at <= sample.length; at++) markdown.push(sample.slice(0, at));
    const sealed = markdown.sealed;
    const finished = new Set(markdown.finish());
    expect(sealed.filter((block) => !finished.has(block))).toEqual([]);
  });

  it('does not split a loose list at a number whose line is still open', () => {
    const markdown = new StreamingMarkdown();
    markdown.push('1. a\n\n2');
    expect(markdown.sealed).toEqual([]);
    markdown.push('1. a\n\n2. b\n');
    expect(markdown.finish()).toHaveLength(1);
  });

  it('shows an open fence as plain code', () => {
    const markdown = new StreamingMarkdown();
    markdown.push('Look:\n\n```py\nprint(1)\nx = "**"');
    expect(markdown.tail()).toMatchObject([
      { kind: 'code', language: 'py', code: 'print(1)\nx = "**"', closed: false },
    ]);
  });

  it('completes unclosed syntax in the tail alone', () => {
    const markdown = new StreamingMarkdown(completeTail);
    markdown.push('now **bold');
    expect(html(markdown.tail())).toEqual(['<p>now <strong>bold</strong></p>']);
    markdown.push('now **bold');
    expect(html(markdown.finish())).toEqual(['<p>now **bold</p>']);
  });

  it('starts afresh when a snapshot replaces the text', () => {
    const markdown = new StreamingMarkdown();
    markdown.push('first\n\nsecond\n\nthird');
    markdown.push('other\n\ntext');
    expect(html(markdown.finish())).toEqual(['<p>other</p>', '<p>text</p>']);
  });

  it('resolves a link whose definition comes last', () => {
    expect(html(streamed('see [it][x]\n\nmore\n\n[x]: https://example.com/\n', 1, 3))[0]).toContain(
      'href="https://example.com/"',
    );
  });
});
