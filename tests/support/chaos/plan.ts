import type { Point } from './points.ts';

/** When a round's kill comes: at a point that is passed for the `nth` time, or so many milliseconds after the first answer. */
export type Round = { point: Point; nth: number } | { afterMs: number };

/** A lease is twenty seconds long: until the first have run out there is nobody to be found dead. */
const ROUNDS_BEFORE_THE_DEAD = 10;
const MOST_PASSES = 3;
/** After the first answer: the kill comes while messages arrive, or while all the replies are written. */
const LATEST_MS = 3_000;

/**
 * Each point once, in an order of its own; then all of them again and again, with a kill at a random time for every one
 * of them. So the short form knows every point, and the long one what nobody has thought of.
 */
export function planRounds(count: number, points: readonly Point[], random: () => number): Round[] {
  const below = (most: number) => Math.floor(random() * most);
  const shuffled = <T>(items: readonly T[]): T[] => {
    const left = [...items];
    return items.map(() => left.splice(below(left.length), 1)[0]!);
  };
  const at = (point: Point): Round => {
    const isPassedOnce = point.isSeldom === true || point.needs === 'dead';
    return { point, nth: isPassedOnce ? 1 : 1 + below(MOST_PASSES) };
  };

  const early = shuffled(points.filter(({ needs }) => needs === undefined));
  const late = points.filter(({ needs }) => needs !== undefined);
  const first = early.slice(0, ROUNDS_BEFORE_THE_DEAD);
  const rounds = [...first, ...shuffled([...early.slice(ROUNDS_BEFORE_THE_DEAD), ...late])].map(at);
  while (rounds.length < count) {
    const anyTime = points.map((): Round => ({ afterMs: below(LATEST_MS) }));
    rounds.push(...shuffled([...points.map(at), ...anyTime]));
  }
  return rounds.slice(0, count);
}
