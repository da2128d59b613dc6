import { type Answer, chunk, openStream } from '../parley/openai-upstream.ts';

const EVERY_MS = 50;
const MOST_WORDS = 90;
/** What the upstream says it has read, whatever that was. */
export const PROMPT_TOKENS = 9;

/** Writes numbered words, a token each, so that what was kept can be told from what was lost; some replies are long. */
export function countsUpTo(random: () => number): Answer {
  return (response) => {
    const words = 1 + Math.floor(random() * MOST_WORDS);
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
}

/** How many words there are; null where one is missing, doubled or out of place. */
export function countedWords(text: string): number | null {
  const words = text.split(' ').slice(0, -1);
  return words.every((word, index) => Number(word) === index) ? words.length : null;
}
