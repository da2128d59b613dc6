/** A hand that scrolls moves at least this far; less is rounding. */
export const unpinPx = 3;
/** This near the end one means to follow it. */
export const repinPx = 70;
export const jumpShownPx = 200;
export const jumpHiddenPx = 60;
/** Where the words just sent come to rest: some of what was said before stays in sight. */
export const restPx = 56;
const teleportBeyondPx = 2500;
const glidePx = 1200;
/** Close enough to an edge that more must be loaded. */
export const edgePx = 1500;

export interface ScrollMetrics {
  readonly scrollTop: number;
  readonly clientHeight: number;
  readonly scrollHeight: number;
}

export function distanceToEnd({ scrollTop, clientHeight, scrollHeight }: ScrollMetrics): number {
  return Math.max(0, scrollHeight - clientHeight - scrollTop);
}

/** Whether the log goes on following its end after somebody scrolled. A view that only got shorter was nobody's doing. */
export function pinnedAfterScroll(pinned: boolean, before: ScrollMetrics, after: ScrollMetrics): boolean {
  const moved = after.scrollTop - before.scrollTop;
  const shrank = after.scrollHeight < before.scrollHeight || after.clientHeight > before.clientHeight;
  if (moved <= -unpinPx && !shrank) return false;
  if (moved > 0 && distanceToEnd(after) <= repinPx) return true;
  return pinned;
}

/** The button appears late and leaves early, so that it does not flicker at one distance. */
export function jumpVisible(visible: boolean, pinned: boolean, distance: number): boolean {
  if (pinned) return false;
  return visible ? distance >= jumpHiddenPx : distance > jumpShownPx;
}

/** Empty room below the last message, so that the words just sent can rest near the top. It shrinks as the reply grows. */
export function spacerHeight(view: { clientHeight: number; restingTop: number; contentEnd: number }): number {
  const below = view.contentEnd - view.restingTop;
  return Math.max(0, Math.round(view.clientHeight - restPx - below));
}

/** Far jumps skip most of the way and glide the rest. `from`: where to start gliding. */
export function glidePlan(scrollTop: number, target: number): { from: number; to: number } {
  const distance = target - scrollTop;
  if (Math.abs(distance) <= teleportBeyondPx) return { from: scrollTop, to: target };
  return { from: target - Math.sign(distance) * glidePx, to: target };
}

export interface Span {
  readonly top: number;
  readonly bottom: number;
}

/** The first of the ordered spans that reaches below `line`; -1 when none does. */
export function firstReaching(count: number, spanAt: (index: number) => Span, line: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spanAt(middle).bottom > line) high = middle;
    else low = middle + 1;
  }
  return low < count ? low : -1;
}
