import { setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Chaos } from './chaos.ts';
import type { Granted, Person } from './person.ts';
import type { Round } from './plan.ts';
import type { Point } from './points.ts';

/** A busy machine may need this long to come to a point; a product that has lost it never does. */
const PASSED_WITHIN_MS = 60_000;
const AGAIN_EVERY_MS = 1_000;
/** So many of each kind, while everybody's reply is being written. */
const ERRANDS = 3;

/** The core starts, everybody sends, some stop and write again; then, wherever it stands, it is killed. */
export async function playRound(
  chaos: Chaos,
  round: Round,
  random: () => number,
  sent: (granted: Granted, person: Person) => void,
): Promise<void> {
  const { parley, proxy, people, pool } = chaos;
  const asked: Promise<unknown>[] = [];
  const everybody = async () => {
    await Promise.all(
      people.map(async (person) => {
        asked.push(person.askAgain());
        const granted = await person.send();
        if (granted !== null) sent(granted, person);
      }),
    );
  };
  const errands = () => Promise.all(chosen(people, random).map((errand) => errand()));

  if ('afterMs' in round) {
    await parley.start();
    asked.push(everybody().then(errands));
    await pause(round.afterMs);
  } else if (round.point.needs === 'dead') {
    // While nobody runs: it is the start that finds them.
    await someLeaseIsOver(pool);
    const halted = proxy.haltAt(round.point, round.nth);
    // It never gets through.
    asked.push(parley.start().catch(() => undefined));
    await passed(halted, round.point);
  } else {
    await parley.start();
    await everybody();
    const halted = proxy.haltAt(round.point, round.nth);
    asked.push(errands());
    // What was not there to be stopped or written again may be there a moment later.
    const timer = setInterval(() => asked.push(errands()), AGAIN_EVERY_MS);
    await passed(halted, round.point).finally(() => clearInterval(timer));
  }
  await parley.kill();
  proxy.reset();
  await Promise.all(asked);
  const refusals = people.flatMap((person) => person.refusals);
  if (refusals.length > 0) throw new Error(`somebody was refused: ${refusals.join('; ')}`);
}

async function passed(halted: Promise<void>, point: Point): Promise<void> {
  const giveUp = new AbortController();
  const never = pause(PASSED_WITHIN_MS, undefined, { signal: giveUp.signal }).then(() => {
    throw new Error(`the point "${point.name}" was never passed`);
  });
  never.catch(() => {
    // Given up because it was passed.
  });
  await Promise.race([halted, never]);
  giveUp.abort();
}

function chosen(people: readonly Person[], random: () => number): (() => Promise<unknown>)[] {
  const somebody = () => people[Math.floor(random() * people.length)]!;
  const some = (errand: (person: Person) => Promise<unknown>) =>
    Array.from({ length: ERRANDS }, somebody).map((person) => () => errand(person));
  return [
    ...some((person) => person.send()),
    ...some((person) => person.stop()),
    ...some((person) => person.complete()),
    ...some((person) => person.rewrite('done')),
    ...some((person) => person.rewrite('interrupted')),
  ];
}

async function someLeaseIsOver(pool: Pool): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `select 1 from turn where state in ('queued', 'running') and lease_until < now() limit 1`,
    );
    if (rowCount !== 0) return;
    await pause(100);
  }
}
