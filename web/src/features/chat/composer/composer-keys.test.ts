// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { composerAct } from './composer-keys.ts';

const press = (key: string, more = {}) => ({
  key,
  keyCode: key === 'Enter' ? 13 : 38,
  isComposing: false,
  shiftKey: false,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  ...more,
});
const desk = { sendKey: 'enter', touch: false, empty: false } as const;

describe('keys in the composer', () => {
  it('send with Enter and break the line with Shift+Enter', () => {
    expect(composerAct(press('Enter'), desk)).toBe('send');
    expect(composerAct(press('Enter', { shiftKey: true }), desk)).toBeNull();
  });

  it('never send while an input method is composing', () => {
    expect(composerAct(press('Enter', { isComposing: true }), desk)).toBeNull();
    expect(composerAct(press('Enter', { keyCode: 229 }), desk)).toBeNull();
    expect(composerAct(press('Enter', { isComposing: true, ctrlKey: true }), desk)).toBeNull();
    expect(composerAct(press('ArrowUp', { isComposing: true }), { ...desk, empty: true })).toBeNull();
  });

  it('send only with the modifier when that is the setting', () => {
    const careful = { ...desk, sendKey: 'mod-enter' } as const;
    expect(composerAct(press('Enter'), careful)).toBeNull();
    expect(composerAct(press('Enter', { ctrlKey: true }), careful)).toBe('send');
    expect(composerAct(press('Enter', { metaKey: true }), careful)).toBe('send');
  });

  it('break the line with Enter on touch', () => {
    expect(composerAct(press('Enter'), { ...desk, touch: true })).toBeNull();
  });

  it('edit the last message with Up, in an empty box alone', () => {
    expect(composerAct(press('ArrowUp'), { ...desk, empty: true })).toBe('edit-last');
    expect(composerAct(press('ArrowUp'), desk)).toBeNull();
    expect(composerAct(press('ArrowUp', { shiftKey: true }), { ...desk, empty: true })).toBeNull();
  });
});
