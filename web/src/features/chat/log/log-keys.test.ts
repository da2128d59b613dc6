// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { logAct } from './log-keys.ts';

const press = (key: string, more = {}) => ({
  key,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  isComposing: false,
  ...more,
});

describe('keys in the log', () => {
  it('move between messages and act on the one in focus', () => {
    expect(['ArrowUp', 'j', 'End', 'c', 'e', 'r'].map((key) => logAct(press(key), true))).toEqual([
      'previous',
      'next',
      'latest',
      'copy',
      'edit',
      'regenerate',
    ]);
    expect(logAct(press('ArrowRight', { altKey: true }), true)).toBe('newer-version');
  });
  it('leave letters alone when they are turned off', () => {
    expect(logAct(press('c'), false)).toBeNull();
    expect(logAct(press('ArrowDown'), false)).toBe('next');
  });
  it("leave the browser's own combinations alone", () => {
    expect(logAct(press('c', { ctrlKey: true }), true)).toBeNull();
    expect(logAct(press('r', { metaKey: true }), true)).toBeNull();
  });
});
