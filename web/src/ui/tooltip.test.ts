import { fireEvent } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { tooltip } from './tooltip.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  undo();
  vi.useRealTimers();
});

let undo: () => void = () => undefined;
function button(): HTMLElement {
  const element = document.body.appendChild(document.createElement('button'));
  const detach = tooltip('Send')(element);
  undo = () => {
    detach?.();
    element.remove();
  };
  return element;
}
const mouse = (type: string) => Object.assign(new Event(type, { bubbles: true }), { pointerType: 'mouse' });
const shown = () => document.querySelector('[role=tooltip][data-open]')?.textContent ?? null;

test('a pointer that moves onto a button is told its name', async () => {
  const element = button();
  await fireEvent(element, mouse('pointermove'));
  vi.advanceTimersByTime(1_000);
  expect(shown()).toBe('Send');
  await fireEvent(element, mouse('pointerleave'));
  vi.advanceTimersByTime(1_000);
  expect(shown()).toBeNull();
});

test('a button that appears under a pointer at rest keeps quiet', async () => {
  await fireEvent(button(), mouse('pointerenter'));
  vi.advanceTimersByTime(1_000);
  expect(shown()).toBeNull();
});

test('a button that was pressed keeps quiet until the pointer comes again', async () => {
  const element = button();
  await fireEvent(element, mouse('pointermove'));
  await fireEvent(element, mouse('pointerdown'));
  await fireEvent(element, mouse('pointermove'));
  vi.advanceTimersByTime(1_000);
  expect(shown()).toBeNull();
});
