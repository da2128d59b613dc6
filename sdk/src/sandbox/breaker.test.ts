import { describe, expect, it } from 'vitest';
import { Breaker } from './breaker.ts';

const minute = 60_000;

describe('the breaker', () => {
  it('opens at the fifth failure within a minute and lets one call try after 30 s', () => {
    const breaker = new Breaker();
    expect([0, 1, 2, 3].map((at) => breaker.failed(at))).toEqual([false, false, false, false]);
    expect(breaker.failed(4)).toBe(true);
    expect(breaker.admit(5)).toBe('resting');
    expect(breaker.restingUntil(5)).toBe(30_004);
    expect(breaker.admit(30_004)).toBe('go');
    expect(breaker.admit(30_004)).toBe('resting');
  });
  it('stays closed when the failures are spread', () => {
    const breaker = new Breaker();
    for (let i = 0; i < 20; i += 1) expect(breaker.failed(i * 20_000)).toBe(false);
    expect(breaker.admit(20 * 20_000)).toBe('go');
  });
  it('closes when the trial succeeds, rests again when it fails, and lets the next one try when it says nothing', () => {
    const open = (): Breaker => {
      const breaker = new Breaker();
      for (let i = 0; i < 5; i += 1) breaker.failed(0);
      breaker.admit(minute);
      return breaker;
    };
    const closing = open();
    expect(closing.succeeded(minute)).toBe(true);
    expect(closing.admit(minute)).toBe('go');
    const again = open();
    expect(again.failed(minute)).toBe(true);
    expect(again.admit(minute + 29_999)).toBe('resting');
    const silent = open();
    silent.passed();
    expect(silent.admit(minute)).toBe('go');
  });
  it('is not closed by a call that began before the rest', () => {
    const breaker = new Breaker();
    for (let i = 0; i < 5; i += 1) breaker.failed(0);
    expect(breaker.succeeded(10)).toBe(false);
    expect(breaker.admit(11)).toBe('resting');
  });
  it('disables at the third death within an hour until it is revived', () => {
    const breaker = new Breaker();
    expect(breaker.died(0)).toBe(false);
    expect(breaker.died(61 * minute)).toBe(false);
    expect(breaker.died(62 * minute)).toBe(false);
    expect(breaker.died(63 * minute)).toBe(true);
    expect(breaker.admit(64 * minute)).toBe('disabled');
    breaker.revive();
    expect(breaker.admit(64 * minute)).toBe('go');
  });
});
