import { expect, test } from 'vitest';
import { type Page, Pages } from './pages.svelte.ts';

const pages: Record<string, Page<number>> = {
  first: { items: [1, 2], nextCursor: 'second' },
  second: { items: [3], nextCursor: null },
};

test('the next page follows what is there, and the last one has none after it', async () => {
  const list = new Pages(async (cursor = 'first') => pages[cursor]!);
  await expect.poll(() => list.value?.items).toEqual([1, 2]);
  await list.more();
  expect(list.value).toEqual({ items: [1, 2, 3], nextCursor: null });
  await list.more();
  expect(list.value?.items).toEqual([1, 2, 3]);
});

test('a page that does not come takes nothing away, and can be asked for again', async () => {
  let isDown = true;
  const list = new Pages(async (cursor = 'first') => {
    if (cursor === 'second' && isDown) throw new Error('down');
    return pages[cursor]!;
  });
  await expect.poll(() => list.value?.items).toEqual([1, 2]);
  await list.more();
  expect(list.problem).toBeInstanceOf(Error);
  expect(list.value?.items).toEqual([1, 2]);
  isDown = false;
  await list.more();
  expect(list.problem).toBeNull();
  expect(list.value?.items).toEqual([1, 2, 3]);
});

test('a page of a list that was loaded anew meanwhile is dropped', async () => {
  let release: (() => void) | undefined;
  const list = new Pages<number>(async (cursor = 'first') => {
    if (cursor === 'second') await new Promise<void>((resolve) => (release = resolve));
    // As over the wire: an answer is never the one before.
    return { ...pages[cursor]! };
  });
  await expect.poll(() => list.value?.items).toEqual([1, 2]);
  const more = list.more();
  await list.load();
  release?.();
  await more;
  expect(list.value?.items).toEqual([1, 2]);
});
