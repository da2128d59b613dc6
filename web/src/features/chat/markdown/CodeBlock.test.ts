import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import CodeBlock from './CodeBlock.svelte';
import Markdown from './Markdown.svelte';
import { renderMarkdown } from './streaming-markdown.ts';

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}`).join('\n');

describe('a block of code', () => {
  it('is folded past 24 lines and opens on a press', async () => {
    render(CodeBlock, { language: '', code: lines(25) });
    await fireEvent.click(screen.getByRole('button', { name: 'Show all 25 lines' }));
    expect(screen.queryByRole('button', { name: 'Show all 25 lines' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Show less of it' })).toHaveAttribute('aria-expanded', 'true');
  });

  it('is not folded while it is being written', () => {
    render(CodeBlock, { language: 'py', code: lines(60), closed: false });
    expect(screen.queryByRole('button', { name: /Show all/ })).toBeNull();
  });

  it('names its language and can be reached and scrolled by keyboard', () => {
    render(CodeBlock, { language: 'rust', code: 'fn main() {}' });
    expect(screen.getByRole('group', { name: 'Code in rust' })).toHaveAttribute('tabindex', '0');
  });

  it('has its tools inside a list too', () => {
    render(Markdown, { blocks: renderMarkdown('1. Do:\n   ```sh\n   npm start\n   ```\n2. Done') });
    expect(screen.getByRole('button', { name: 'Copy code' })).toBeVisible();
    expect(screen.getByRole('group', { name: 'Code in sh' })).toHaveTextContent('npm start');
  });

  it('lets the keyboard scroll wide tables', () => {
    render(Markdown, { blocks: renderMarkdown('| a | b |\n|---|---|\n| 1 | 2 |') });
    expect(screen.getByRole('group', { name: 'Table' })).toHaveAttribute('tabindex', '0');
  });
});
