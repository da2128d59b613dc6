// @vitest-environment node
import { describe, expect, it } from 'vitest';
import {
  distanceToEnd,
  firstReaching,
  glidePlan,
  jumpVisible,
  pinnedAfterScroll,
  spacerHeight,
} from './scroll-rules.ts';

const at = (scrollTop: number, scrollHeight = 2000, clientHeight = 500) => ({ scrollTop, scrollHeight, clientHeight });

describe('following the end', () => {
  it('ends when somebody scrolls up by 3 px', () => {
    expect(pinnedAfterScroll(true, at(1500), at(1497))).toBe(false);
    expect(pinnedAfterScroll(true, at(1500), at(1498))).toBe(true);
  });
  it('does not end because the content got shorter or the window taller', () => {
    expect(pinnedAfterScroll(true, at(1500), at(1300, 1800))).toBe(true);
    expect(pinnedAfterScroll(true, at(1500), at(1300, 2000, 700))).toBe(true);
  });
  it('begins again within 70 px of the end, when one scrolls down', () => {
    expect(pinnedAfterScroll(false, at(1300), at(1431))).toBe(true);
    expect(pinnedAfterScroll(false, at(1300), at(1429))).toBe(false);
    expect(pinnedAfterScroll(false, at(1460), at(1459))).toBe(false);
  });
});

describe('the way to the latest', () => {
  it('shows beyond 200 px, hides within 60, never while pinned', () => {
    expect(jumpVisible(false, false, 200)).toBe(false);
    expect(jumpVisible(false, false, 201)).toBe(true);
    expect(jumpVisible(true, false, 100)).toBe(true);
    expect(jumpVisible(true, false, 59)).toBe(false);
    expect(jumpVisible(true, true, 5000)).toBe(false);
  });
  it('glides short ways whole and long ways only at their end', () => {
    expect(glidePlan(0, 2500)).toEqual({ from: 0, to: 2500 });
    expect(glidePlan(0, 9000)).toEqual({ from: 7800, to: 9000 });
    expect(glidePlan(9000, 0)).toEqual({ from: 1200, to: 0 });
  });
  it('measures what is left', () => {
    expect(distanceToEnd(at(1400))).toBe(100);
    expect(distanceToEnd(at(1501))).toBe(0);
  });
});

describe('room for a reply', () => {
  it('puts the words sent 56 px below the top while the reply is short', () => {
    const spacer = spacerHeight({ clientHeight: 600, restingTop: 1000, contentEnd: 1100 });
    // Scrolled to its end the view begins 56 px above the words.
    expect(1100 + spacer - 600).toBe(1000 - 56);
  });
  it('shrinks exactly as the reply grows, so nothing moves', () => {
    const height = (contentEnd: number) =>
      contentEnd + spacerHeight({ clientHeight: 600, restingTop: 1000, contentEnd });
    expect(height(1100)).toBe(height(1400));
    expect(spacerHeight({ clientHeight: 600, restingTop: 1000, contentEnd: 1700 })).toBe(0);
  });
});

describe('the first row in sight', () => {
  it('is found among many', () => {
    const spanAt = (index: number) => ({ top: index * 100, bottom: index * 100 + 100 });
    expect(firstReaching(200, spanAt, 0)).toBe(0);
    expect(firstReaching(200, spanAt, 99)).toBe(0);
    expect(firstReaching(200, spanAt, 100)).toBe(1);
    expect(firstReaching(200, spanAt, 12_345)).toBe(123);
    expect(firstReaching(200, spanAt, 99_999)).toBe(-1);
  });
});
