import { type Answer, chunk, openStream } from './openai-upstream.ts';

/** A numbered word every so often, until it is told to finish: a hole or a doubled word cannot hide in it. */
export function countsUntil(finished: Promise<void>, everyMs = 25): Answer {
  return (response) => {
    openStream(response);
    let next = 0;
    const timer = setInterval(() => {
      response.write(chunk({ content: `${next} ` }));
      next += 1;
    }, everyMs);
    void finished.then(() => response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`));
    response.on('close', () => clearInterval(timer));
  };
}

export function isCounting(text: string): boolean {
  return text
    .split(' ')
    .slice(0, -1)
    .every((word, index) => Number(word) === index);
}
