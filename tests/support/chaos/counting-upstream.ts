import { type Answer, chunk, openStream } from '../parley/openai-upstream.ts';

const EVERY_MS = 100;
/** What the upstream says it has read, whatever that was. */
export const PROMPT_TOKENS = 9;

/** How many words the reply is to have, as a message says it. */
export function askFor(words: number): string {
  return `Count up to ${words}`;
}

/** The last that is asked for: what was said before is sent along. */
export function wordsAskedFor(text: string): number {
  return Number(/.*Count up to (\d+)/s.exec(text)?.[1]);
}

/** Writes numbered words, a token each, so that what was kept can be told from what was lost; as many as were asked for. */
export const counts: Answer = (response, request) => {
  const words = wordsAskedFor(request.body);
  const usage = { prompt_tokens: PROMPT_TOKENS, completion_tokens: words, total_tokens: PROMPT_TOKENS + words };
  openStream(response);
  let next = 0;
  const timer = setInterval(() => {
    if (next < words) response.write(chunk({ content: `${next} ` }));
    else response.end(`${chunk({}, 'stop', { usage })}data: [DONE]\n\n`);
    next += 1;
    if (next > words) clearInterval(timer);
  }, EVERY_MS);
  response.on('close', () => clearInterval(timer));
};

/** How many words there are; null where one is missing, doubled or out of place. */
export function countedWords(text: string): number | null {
  const words = text.split(' ').slice(0, -1);
  return words.every((word, index) => Number(word) === index) ? words.length : null;
}
