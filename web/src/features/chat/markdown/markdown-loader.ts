import { loadOnce } from '../load-once.ts';
import type * as Cache from './rendered-cache.ts';
import type * as Streams from './streaming-markdown.ts';

type Streaming = typeof Streams & typeof Cache;
type Complete = (text: string) => string;

let streaming: Streaming | null = null;
let complete: Complete | null = null;

/** Reading markdown is a third of the first bundle, so it comes beside it; typing needs none of it. */
export const loadMarkdown = loadOnce(async () => {
  const [first, second] = await Promise.all([import('./streaming-markdown.ts'), import('./rendered-cache.ts')]);
  streaming = { ...first, ...second };
});

/** Null until it is loaded. */
export function markdown(): Streaming | null {
  return streaming;
}

/** Needed by growing text alone; until it is there unclosed syntax shows as it is. */
export function completeUnclosed(text: string): string {
  if (complete === null) {
    complete = (same) => same;
    void import('./complete-tail.ts').then(({ completeTail }) => {
      complete = completeTail;
    });
  }
  return complete(text);
}
