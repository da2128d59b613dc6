import highlighter from 'highlight.js/lib/core';
import { grammars } from './highlight-languages.ts';
import { rangesOf, type HighlightRange } from './highlight-ranges.ts';

export interface HighlightJob {
  id: number;
  grammar: string;
  code: string;
}
export interface HighlightResult {
  id: number;
  ranges: HighlightRange[];
}

async function highlight({ id, grammar, code }: HighlightJob): Promise<HighlightResult> {
  const load = grammars[grammar];
  if (load === undefined) return { id, ranges: [] };
  if (!highlighter.getLanguage(grammar)) highlighter.registerLanguage(grammar, (await load()).default);
  return { id, ranges: rangesOf(highlighter.highlight(code, { language: grammar, ignoreIllegals: true }).value) };
}

addEventListener('message', (event: MessageEvent<HighlightJob>) => {
  void highlight(event.data).then((result) => postMessage(result));
});
