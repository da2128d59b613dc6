import { render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import TextArea from './TextArea.svelte';

test('a box that grows with its text has room for its rows from the start', () => {
  render(TextArea, { label: 'System prompt', value: '', rows: 5 });
  const box = screen.getByRole('textbox', { name: 'System prompt' });
  expect(box).toHaveAttribute('rows', '5');
  // Sized by its content alone it would begin with one row, whatever `rows` says.
  expect(box.style.getPropertyValue('--rows')).toBe('5');
  expect(box.className).toContain('min-h-[calc(var(--rows)');
});
