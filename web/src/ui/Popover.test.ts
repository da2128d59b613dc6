import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';
import PopoverHarness from './testing/PopoverHarness.svelte';

const byPointer = { detail: 1 };
const trigger = () => screen.getByRole('button', { name: 'Open' });
const panel = () => screen.getByRole('dialog', { hidden: true });
const clickTrigger = async () => {
  await fireEvent.pointerDown(trigger());
  await fireEvent.click(trigger(), byPointer);
};

test('a press on its trigger opens it, and the next one closes it though it was dismissed by that very press', async () => {
  render(PopoverHarness);
  await clickTrigger();
  expect(panel()).toHaveTextContent('Two replies');
  await fireEvent.pointerDown(trigger());
  panel().hidePopover();
  await fireEvent.click(trigger(), byPointer);
  expect(trigger()).toHaveAttribute('aria-expanded', 'false');
  expect(panel()).toBeEmptyDOMElement();
});

test('a press that follows its dismissal at once opens it again', async () => {
  render(PopoverHarness);
  await clickTrigger();
  panel().hidePopover();
  await clickTrigger();
  expect(trigger()).toHaveAttribute('aria-expanded', 'true');
  expect(panel()).toHaveTextContent('Two replies');
});

test('a key opens and closes it as well', async () => {
  render(PopoverHarness);
  await fireEvent.click(trigger());
  expect(panel()).toHaveTextContent('Two replies');
  await fireEvent.click(trigger());
  expect(panel()).toBeEmptyDOMElement();
});
