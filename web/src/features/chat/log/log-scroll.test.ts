import { describe, expect, it } from 'vitest';
import { LogScroll } from './log-scroll.svelte.ts';

function setUp() {
  const nothing = () => undefined;
  return new LogScroll({ nearStart: nothing, nearEnd: nothing, endIsHere: () => true });
}
function draw(scroll: LogScroll): () => void {
  const view = document.createElement('div');
  view.innerHTML = '<div data-log-content><div data-key="m1"></div></div><div data-log-spacer></div>';
  return scroll.attach(view);
}

describe('a log that holds a row over a change', () => {
  it('goes on following its end when the change fails', async () => {
    const scroll = setUp();
    await expect(scroll.hold('m1', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(scroll.pinned).toBe(true);
  });

  it.each(['fails', 'comes'])('follows its end when somebody has gone there before the change %s', async (how) => {
    const scroll = setUp();
    const detach = draw(scroll);
    scroll.reveal('m1');
    expect(scroll.pinned).toBe(false);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const held = Promise.allSettled([scroll.hold('m1', () => promise)]);
    scroll.toEnd();
    if (how === 'comes') resolve('m1');
    else reject(new Error('no'));
    await held;
    expect(scroll.pinned).toBe(true);
    detach();
  });

  it('follows its end no more once the change is there', async () => {
    const scroll = setUp();
    const detach = draw(scroll);
    await scroll.hold('m1', () => Promise.resolve('m1'));
    expect(scroll.pinned).toBe(false);
    detach();
  });
});
