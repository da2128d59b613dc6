import type { HighlightRange } from './highlight-ranges.ts';
import type { HighlightJob, HighlightResult } from './highlight.worker.ts';
import { grammarOf } from './language-names.ts';

/** Colouring more than this takes longer than anybody waits, and a plain block reads as well. */
const maxChars = 60_000;
const maxKept = 300;

const waiting = new Map<number, (ranges: readonly HighlightRange[]) => void>();
const kept = new Map<string, readonly HighlightRange[]>();
let worker: Worker | undefined;
let lastId = 0;

/** Colours for finished code, worked out beside the page's own thread. Empty when the language is unknown. */
export async function highlightCode(language: string, code: string): Promise<readonly HighlightRange[]> {
  if (language === '' || code.length > maxChars || typeof Worker === 'undefined') return [];
  const name = `${language}\n${code}`;
  const known = kept.get(name);
  if (known !== undefined) return known;
  const ranges = await ask(grammarOf(language), code);
  kept.set(name, ranges);
  if (kept.size > maxKept) kept.delete(kept.keys().next().value ?? '');
  return ranges;
}

function ask(grammar: string, code: string): Promise<readonly HighlightRange[]> {
  worker ??= start();
  const job: HighlightJob = { id: ++lastId, grammar, code };
  return new Promise((resolve) => {
    waiting.set(job.id, resolve);
    worker?.postMessage(job);
  });
}

function start(): Worker {
  const started = new Worker(new URL('./highlight.worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<HighlightResult>) => settle(data.id, data.ranges));
  // Without its worker code stays plain; the next block tries a new one.
  started.addEventListener('error', () => {
    worker = undefined;
    for (const id of waiting.keys()) settle(id, []);
  });
  return started;
}

function settle(id: number, ranges: readonly HighlightRange[]): void {
  waiting.get(id)?.(ranges);
  waiting.delete(id);
}
