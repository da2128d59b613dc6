import { render, screen } from '@testing-library/svelte';
import { createRawSnippet, tick } from 'svelte';
import { expect, test, vi } from 'vitest';
import Dialog from './Dialog.svelte';

const body = createRawSnippet(() => ({ render: () => '<div><input aria-label="Name" /></div>' }));

async function open({ onclose = vi.fn<() => void>(), steady = false } = {}) {
  const button = document.createElement('button');
  document.body.append(button);
  button.focus();
  const view = render(Dialog, {
    open: true,
    title: 'Rename',
    description: 'Any name will do.',
    onclose,
    steady,
    children: body,
  });
  await tick();
  return { button, onclose, view, dialog: screen.getByRole<HTMLDialogElement>('dialog') };
}

test('a dialog is modal, named and described', async () => {
  const { dialog } = await open();
  expect(dialog.open).toBe(true);
  expect(dialog).toHaveAccessibleName('Rename');
  expect(dialog).toHaveAccessibleDescription('Any name will do.');
  expect(dialog.contains(document.activeElement)).toBe(true);
});

test('its Close button ends it once, and the caller hears of it', async () => {
  const { dialog, onclose } = await open();
  screen.getByRole('button', { name: 'Close' }).click();
  await tick();
  expect(dialog.open).toBe(false);
  expect(onclose).toHaveBeenCalledTimes(1);
});

test('a press on the backdrop closes it, a drag that began inside does not', async () => {
  const { dialog, onclose } = await open();
  screen.getByLabelText('Name').dispatchEvent(new Event('pointerdown', { bubbles: true }));
  dialog.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  expect(onclose).not.toHaveBeenCalled();
  dialog.dispatchEvent(new Event('pointerdown', { bubbles: true }));
  dialog.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  expect(onclose).toHaveBeenCalledTimes(1);
});

test('what is in it is gone while it is closed', async () => {
  const { view } = await open();
  await view.rerender({ open: false });
  expect(screen.queryByLabelText('Name')).toBeNull();
});

test('one that holds what somebody typed stays when they press beside it, and goes with Close', async () => {
  const { dialog, onclose } = await open({ steady: true });
  dialog.dispatchEvent(new Event('pointerdown', { bubbles: true }));
  dialog.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  expect(dialog.open).toBe(true);
  expect(onclose).not.toHaveBeenCalled();
  screen.getByRole('button', { name: 'Close' }).click();
  await tick();
  expect(dialog.open).toBe(false);
});
