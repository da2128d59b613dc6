import { lookup } from 'node:dns/promises';

export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}
/** All addresses of a name. Rejects when there are none. */
export type Resolver = (host: string) => Promise<ResolvedAddress[]>;

/** The system's own answer, so that hosts files and container names work. */
export const systemResolver: Resolver = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address, family }) => ({
    address,
    family: family === 6 ? 6 : 4,
  }));

/**
 * A short memory over a resolver: hundreds of parallel streams to one host ask once. Five seconds is shorter than any record's life that
 * matters, and an answer is checked at every use, so that remembering it opens nothing.
 */
export function rememberingResolver(resolve: Resolver, keepMs = 5_000, maxNames = 1_000): Resolver {
  const answers = new Map<string, { at: number; answer: Promise<ResolvedAddress[]> }>();
  return (host) => {
    const now = performance.now();
    const known = answers.get(host);
    if (known && now - known.at < keepMs) return known.answer;
    const answer = resolve(host);
    answers.delete(host);
    if (answers.size >= maxNames) answers.delete(answers.keys().next().value ?? '');
    answers.set(host, { at: now, answer });
    answer.catch(() => {
      // The caller gets the rejection; here it is only not remembered.
      if (answers.get(host)?.answer === answer) answers.delete(host);
    });
    return answer;
  };
}
