// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { makeMessage, makePath, makeTurn } from '../testing/factories.ts';
import { fromPage, maxMounted, withAfter, withBefore, withFreshEnd, withOpened } from './path-window.ts';

const path = makePath(1000);
const page = (from: number, to: number) => ({
  items: path.slice(from, to),
  hasBefore: from > 0,
  hasAfter: to < path.length,
  total: path.length,
});
const ids = (window: { items: readonly { id: string }[] }) => window.items.map(({ id }) => id);

describe('the window on a long conversation', () => {
  it('never holds more than 200 messages while scrolling up, and knows what it let go', () => {
    let window = fromPage(page(960, 1000));
    for (let from = 920; from >= 0; from -= 40) {
      window = withBefore(window, page(from, from + 40));
      expect(window.items.length).toBeLessThanOrEqual(maxMounted);
      expect(ids(window)).toEqual(ids({ items: path.slice(from, from + window.items.length) }));
    }
    expect(window).toMatchObject({ hasBefore: false, hasAfter: true });
  });

  it('never holds more than 200 while scrolling down either', () => {
    let window = fromPage(page(0, 40));
    for (let from = 40; from < 1000; from += 40) {
      window = withAfter(window, page(from, from + 40));
      expect(window.items.length).toBeLessThanOrEqual(maxMounted);
    }
    expect(window).toMatchObject({ hasBefore: true, hasAfter: false });
    expect(ids(window)).toEqual(ids({ items: path.slice(800) }));
  });

  it('keeps older messages that join on to a fresh end', () => {
    const window = withFreshEnd(fromPage(page(900, 990)), page(960, 1000));
    expect(ids(window)).toEqual(ids({ items: path.slice(900) }));
  });

  it('starts over when the fresh end does not join on', () => {
    expect(ids(withFreshEnd(fromPage(page(0, 40)), page(960, 1000)))).toEqual(ids({ items: path.slice(960) }));
  });
});

describe('a turn that opens', () => {
  const reply = (change = {}) => makeMessage({ id: 'r', role: 'assistant', parentId: 'u', position: 12, ...change });
  const turn = makeTurn({ id: 't', messageId: 'r' });
  const small = fromPage({ items: makePath(10), hasBefore: false, hasAfter: false, total: 10 });

  it('adds question and reply after the message they follow', () => {
    const userMessage = makeMessage({ id: 'u', parentId: 'm10', position: 11 });
    const window = withOpened(small, { turn, userMessage, assistantMessage: reply() });
    expect(window && ids(window).slice(-3)).toEqual(['m10', 'u', 'r']);
    expect(window?.total).toBe(12);
  });

  it('shows the new branch of an edited message in place of the old one', () => {
    const userMessage = makeMessage({ id: 'u', parentId: 'm4', position: 5 });
    const window = withOpened(small, { turn, userMessage, assistantMessage: reply({ position: 6 }) });
    expect(window && ids(window)).toEqual(['m1', 'm2', 'm3', 'm4', 'u', 'r']);
  });

  it('replaces everything when the first message was edited', () => {
    const userMessage = makeMessage({ id: 'u', parentId: null, position: 1 });
    const window = withOpened(small, { turn, userMessage, assistantMessage: reply({ position: 2 }) });
    expect(window && ids(window)).toEqual(['u', 'r']);
  });

  it('writes a failed reply again in its place', () => {
    const again = makeMessage({ id: 'm10', role: 'assistant', parentId: 'm9', text: '', turnId: 't', position: 10 });
    const window = withOpened(small, { turn, userMessage: null, assistantMessage: again });
    expect(window?.items).toHaveLength(10);
    expect(window?.items.at(-1)).toBe(again);
  });

  it('puts a new version of a reply where the old one stood', () => {
    const version = reply({ parentId: 'm9', position: 10, versions: ['m10', 'r'] });
    const window = withOpened(small, { turn, userMessage: null, assistantMessage: version });
    expect(window && ids(window).slice(-2)).toEqual(['m9', 'r']);
  });

  it('says so when its place is not on the page', () => {
    const userMessage = makeMessage({ id: 'u', parentId: 'elsewhere', position: 500 });
    expect(withOpened(small, { turn, userMessage, assistantMessage: reply() })).toBeNull();
  });
});
