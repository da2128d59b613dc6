/** More than what is in sight, so that Tab and a quick wheel always find the next row. */
const overscanPx = 400;

export interface RowWindow {
  readonly from: number;
  readonly to: number;
  readonly before: number;
  readonly after: number;
}

/** Which rows of known heights to draw, and how much room the others take. */
export function rowWindow(heights: readonly number[], scrollTop: number, viewHeight: number): RowWindow {
  const top = scrollTop - overscanPx;
  const bottom = scrollTop + viewHeight + overscanPx;
  let [from, to, before, after, at] = [-1, 0, 0, 0, 0];
  heights.forEach((height, index) => {
    const [start, end] = [at, at + height];
    at = end;
    if (end <= top) before = end;
    else if (start < bottom) {
      if (from === -1) from = index;
      to = index + 1;
    } else after += height;
  });
  return { from: Math.max(0, from), to, before, after };
}
