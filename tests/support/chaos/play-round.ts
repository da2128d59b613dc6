import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from '@parley/sdk/contract';
import type { Pool } from 'pg';
import { type KillableParley, KilledWhileStarting } from '../parley/killable-parley.ts';
import type { Chaos } from './chaos.ts';
import type { Granted, Person } from './person.ts';
import type { Round } from './plan.ts';
import type { Point } from './points.ts';

/** A busy machine may need this long to come to a point; a product that has lost it never does. */
const PASSED_WITHIN_MS = 60_000;
/** Longer than any lease. */
const LEASE_OVER_WITHIN_MS = 60_000;
const AGAIN_EVERY_MS = 1_000;
/** Of everybody's reply: it is still being written when the kill comes. Ten words are a second. */
const LONG = { least: 150, most: 250 };
/** So many of each kind meanwhile, of replies that may come to their end. */
const ERRANDS = 4;
const SHORT = { least: 1, most: 15 };

/** The core starts, everybody sends, some stop and write again; then, wherever it stands, it is killed. */
export async function playRound(
  chaos: Chaos,
  round: Round,
  random: () => number,
  sent: (granted: Granted, person: Person) => void,
): Promise<void> {
  const { parley, proxy, people, pool } = chaos;
  const asked: Promise<unknown>[] = [];
  const firstAnswer = Promise.withResolvers<void>();
  const everybody = async () => {
    await Promise.all(
      people.map(async (person) => {
        asked.push(person.askAgain());
        const granted = await person.send(between(LONG, random));
        if (granted === null) return;
        firstAnswer.resolve();
        sent(granted, person);
      }),
    );
  };
  const errands = () => runErrands(chaos, random);

  if ('afterMs' in round) {
    await parley.start();
    asked.push(everybody().then(errands));
    // On a busy machine nothing would have happened yet; there are points for what comes before.
    await firstAnswer.promise;
    await pause(round.afterMs);
  } else if (round.point.needs === 'dead') {
    // The rounds before may have closed all there were.
    if (!(await isAnyOpen(pool))) {
      await parley.start();
      await everybody();
      await parley.kill();
    }
    // While nobody runs: it is the start that finds them.
    await someLeaseIsOver(pool);
    const halted = proxy.haltAt(round.point, round.nth);
    const started = startUntilKilled(parley);
    asked.push(started);
    const isPassed = passed(halted, round.point);
    // Only a start that fails by itself ends the round sooner; one that gets through has still to come to the point.
    await Promise.race([isPassed, started.then(() => isPassed)]);
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

/** That it is killed is the plan; what else may be wrong with a start is heard of. */
async function startUntilKilled(parley: KillableParley): Promise<void> {
  await parley.start().catch((error: unknown) => {
    if (!(error instanceof KilledWhileStarting)) throw error;
  });
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

async function runErrands({ people, pool }: Chaos, random: () => number): Promise<void> {
  const some = Array.from({ length: ERRANDS }, () => people[Math.floor(random() * people.length)]!);
  await Promise.all([
    ...some.map((person) => person.send(between(SHORT, random))),
    ...some.map((person) => person.stop()),
    ...some.map((person) => person.complete(between(SHORT, random))),
    rewriteSome(people, pool, 'done'),
    rewriteSome(people, pool, 'interrupted'),
  ]);
}

/** A good reply gets another version, one that was interrupted is written again in its place. */
async function rewriteSome(people: readonly Person[], pool: Pool, status: Message['status']): Promise<void> {
  const { rows } = await pool.query<{ id: string; conversation_id: string; user_id: string }>(
    `select id, conversation_id, user_id from message
     where role = 'assistant' and conversation_id is not null and status = $1 order by random() limit $2`,
    [status, ERRANDS],
  );
  const owner = (userId: string) => people.find(({ user }) => user.id === userId)!;
  await Promise.all(rows.map((reply) => owner(reply.user_id).rewrite(reply.id, reply.conversation_id)));
}

function between({ least, most }: { least: number; most: number }, random: () => number): number {
  return least + Math.floor(random() * (most - least + 1));
}

async function isAnyOpen(pool: Pool, and = ''): Promise<boolean> {
  const { rowCount } = await pool.query(`select 1 from turn where state in ('queued', 'running') ${and} limit 1`);
  return rowCount !== 0;
}

async function someLeaseIsOver(pool: Pool): Promise<void> {
  const deadline = performance.now() + LEASE_OVER_WITHIN_MS;
  while (!(await isAnyOpen(pool, 'and lease_until < now()'))) {
    if (performance.now() > deadline) throw new Error('no turn is open beyond its lease');
    await pause(100);
  }
}
