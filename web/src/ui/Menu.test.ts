import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { expect, test, vi } from 'vitest';
import MenuHarness from './testing/MenuHarness.svelte';

async function openMenu(key = 'ArrowDown') {
  const chosen = vi.fn<(label: string) => void>();
  render(MenuHarness, { onchoose: chosen });
  const trigger = screen.getByRole('button', { name: 'More' });
  trigger.focus();
  await fireEvent.keyDown(trigger, { key });
  await waitFor(() => expect(document.activeElement?.getAttribute('role')).toBe('menuitem'), { timeout: 60_000 });
  return { chosen, trigger };
}
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });
const focused = () => document.activeElement?.textContent.trim();

test('arrows go round and leave out what is switched off', async () => {
  await openMenu();
  expect(focused()).toBe('Rename');
  await press('ArrowDown');
  expect(focused()).toBe('Archive');
  await press('ArrowDown');
  expect(focused()).toBe('Delete');
  await press('ArrowDown');
  expect(focused()).toBe('Rename');
  await press('End');
  expect(focused()).toBe('Delete');
  await press('Home');
  expect(focused()).toBe('Rename');
});

test('Up opens it at its end', async () => {
  await openMenu('ArrowUp');
  expect(focused()).toBe('Delete');
});

test('letters find an item', async () => {
  await openMenu();
  await press('d');
  expect(focused()).toBe('Delete');
});

test('there is one tab stop', async () => {
  await openMenu();
  expect(screen.getAllByRole('menuitem').filter((item) => item.tabIndex === 0)).toHaveLength(1);
});

test('Escape closes it and gives the focus back', async () => {
  const { trigger } = await openMenu();
  await press('Escape');
  expect(screen.queryByRole('menu')).toBeNull();
  expect(document.activeElement).toBe(trigger);
  expect(trigger).toHaveAttribute('aria-expanded', 'false');
});

test('an item closes it before it runs', async () => {
  const { chosen } = await openMenu();
  await fireEvent.click(screen.getByRole('menuitem', { name: 'Archive' }));
  expect(chosen).toHaveBeenCalledWith('Archive');
  expect(screen.queryByRole('menu')).toBeNull();
});
