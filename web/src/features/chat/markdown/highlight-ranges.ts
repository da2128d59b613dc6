/** [start, end, scope]: colours as data, so that no HTML of the highlighter reaches the page. */
export type HighlightRange = readonly [start: number, end: number, scope: string];

const mark = /<span class="([^"]*)">|<\/span>|&(amp|lt|gt|quot|#x27);|[^<&]+|[<&]/g;

/** Reads the few things highlight.js writes: spans, their ends and five entities. The innermost scope wins. */
export function rangesOf(html: string): HighlightRange[] {
  const ranges: [number, number, string][] = [];
  const open: string[] = [];
  let at = 0;
  for (const [whole, scope, entity] of html.matchAll(mark)) {
    if (scope !== undefined) open.push(scope);
    else if (whole === '</span>') open.pop();
    else {
      const end = at + (entity === undefined ? whole.length : 1);
      const current = open.at(-1);
      const last = ranges.at(-1);
      if (current !== undefined) {
        if (last?.[1] === at && last[2] === current) last[1] = end;
        else ranges.push([at, end, current]);
      }
      at = end;
    }
  }
  return ranges;
}
