import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import TitleEditor from './TitleEditor.svelte';

async function edit(onrename = vi.fn<(title: string) => void>()) {
  render(TitleEditor, { title: 'Boats', onrename });
  screen.getByRole('button', { name: 'Boats' }).click();
  const box = await screen.findByRole('textbox', { name: 'Rename the chat' });
  expect(box).toHaveFocus();
  return { box, onrename };
}
const title = () => screen.getByRole('button', { name: 'Boats' });

test.each(['Enter', 'Escape'])('%s leaves the focus on the title', async (key) => {
  const { box, onrename } = await edit();
  await fireEvent.input(box, { target: { value: 'Ships' } });
  await fireEvent.keyDown(box, { key });
  await waitFor(() => expect(title()).toHaveFocus());
  expect(onrename.mock.calls).toEqual(key === 'Enter' ? [['Ships']] : []);
});

test('leaving the box keeps what was typed, and the focus goes where it was sent', async () => {
  const { box, onrename } = await edit();
  await fireEvent.input(box, { target: { value: 'Ships' } });
  await fireEvent.blur(box);
  expect(onrename).toHaveBeenCalledWith('Ships');
  expect(title()).not.toHaveFocus();
});
