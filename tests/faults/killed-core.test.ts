import { createSocket } from '@parley/sdk/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testSize } from '../../core/src/config/test-services.ts';
import { checkBooks, isOff } from '../../core/src/modules/credits/index.ts';
import { seededRandom } from '../../web/src/features/chat/testing/seeded-random.ts';
import { audit } from '../support/chaos/audit.ts';
import { type Chaos, prepareChaos } from '../support/chaos/chaos.ts';
import { countedWords } from '../support/chaos/counting-upstream.ts';
import type { Person } from '../support/chaos/person.ts';
import { planRounds } from '../support/chaos/plan.ts';
import { playRound } from '../support/chaos/play-round.ts';
import { points } from '../support/chaos/points.ts';
import { followTurn, type FollowedTurn } from '../support/parley/follow-turn.ts';

/** `npm run chaos` asks for more: then there are kills at random times too. */
const rounds = testSize('ROUNDS', points.length);
const seed = testSize('SEED', Date.now() % 1_000_000);
const STREAMS = 50;
/** From the last start until all that was open is closed. */
const RECOVERED_WITHIN_MS = 60_000;
/** Of what each of them was granted. */
const REPEATED = 4;

const undo = new AsyncDisposableStack();
let chaos: Chaos;
const say = (line: string) => void process.stdout.write(`chaos: ${line}\n`);

beforeAll(async () => {
  say(`seed ${seed}, ${rounds} rounds`);
  chaos = await prepareChaos(STREAMS, seededRandom(seed), undo);
});
afterAll(() => undo.disposeAsync());

interface Followed {
  turnId: string;
  tab: FollowedTurn;
  close(): void;
}
function follow({ user }: Person, conversationId: string, turnId: string): Followed {
  const extraHeaders = { cookie: user.cookie };
  const socket = createSocket(chaos.parley.url, { extraHeaders, forceNew: true, reconnectionDelayMax: 500 });
  const close = () => void socket.disconnect();
  undo.defer(close);
  return { turnId, tab: followTurn(socket, conversationId, turnId), close };
}

/** Everybody gets an answer to all he asked, and nothing is open any more. */
async function recovered(): Promise<number> {
  const { people, pool } = chaos;
  const startedAt = performance.now();
  const isOpen = async () => {
    await Promise.all(people.map((person) => person.askAgain()));
    const { rows } = await pool.query<{ open: number }>(
      `select ((select count(*) from turn where state in ('queued', 'running'))
         + (select count(*) from credit_hold where state = 'active'))::int as open`,
    );
    return people.filter(({ isWaiting }) => isWaiting).length + rows[0]!.open;
  };
  await expect.poll(isOpen, { timeout: RECOVERED_WITHIN_MS, interval: 250 }).toBe(0);
  return performance.now() - startedAt;
}

test(
  `${rounds} kills while ${STREAMS} paid replies are written lose, double and leave open nothing, and the books balance`,
  { timeout: 3_600_000 },
  async () => {
    const { parley, people, pool } = chaos;
    const random = seededRandom(seed);
    const followed: Followed[] = [];
    for (const [at, round] of planRounds(rounds, points, random).entries()) {
      const startedAt = performance.now();
      // A new tab follows one of the replies of this round, over all the kills there may be until it ends.
      const watching = people[at % people.length]!;
      await playRound(chaos, round, random, ({ turnId, conversationId }, person) => {
        if (person === watching) followed.push(follow(person, conversationId!, turnId!));
      });
      for (const { tab, close } of followed) if (tab.ending() !== null) close();
      const books = await checkBooks(pool);
      const where = 'point' in round ? `"${round.point.name}"` : `${round.afterMs} ms after the first answer`;
      expect(isOff(books), `after the kill at ${where}: ${JSON.stringify(books)}`).toBe(false);
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      say(`${at + 1} of ${rounds} in ${seconds} s: ${where}; ${books.transfers} transfers, ${books.activeHolds} holds`);
    }
    await parley.start();
    const recoveredAfter = await recovered();

    // Whoever asks once more gets what he got; what it must not change is seen below.
    expect((await Promise.all(people.map((person) => person.doubled(REPEATED)))).flat()).toEqual([]);
    const { faults, turns } = await audit(pool, people);
    expect(faults).toEqual([]);
    expect(isOff(await checkBooks(pool))).toBe(false);

    await expect.poll(() => followed.filter(({ tab }) => tab.ending() === null).length).toBe(0);
    const known = new Map(turns.map((turn) => [turn.id, turn]));
    for (const { turnId, tab } of followed) {
      const turn = known.get(turnId)!;
      expect(tab.fault()).toBeNull();
      expect(tab.ending()).toBe(turn.state);
      expect(countedWords(tab.text()), tab.text()).not.toBeNull();
      // Where it was written again meanwhile, what was there before is gone.
      expect(tab.text()).toBe(turn.text ?? tab.text());
    }

    const ended = Object.groupBy(turns, ({ state }) => state);
    const cut = ended['interrupted'] ?? [];
    const charged = turns.reduce((sum, { hold }) => sum + (hold?.captured ?? 0), 0);
    const repeated = people.reduce((sum, person) => sum + person.repeated, 0);
    say(
      `all is well ${(recoveredAfter / 1_000).toFixed(1)} s after the last start: ${turns.length} turns, ` +
        `${ended['completed']?.length} completed, ${ended['stopped']?.length} stopped, ${cut.length} interrupted; ` +
        `${charged} micro-credits charged, ${repeated} times somebody had to ask again, ${followed.length} tabs followed`,
    );
    // There was something to be lost, and something to be doubled.
    expect(cut.filter(({ text }) => text !== null && text !== '').length).toBeGreaterThan(0);
    expect(repeated).toBeGreaterThan(0);
    expect(followed.length).toBeGreaterThan(0);
    expect(charged).toBeGreaterThan(0);
  },
);

test('a reply that was interrupted is written again in its place, and paid for then', async () => {
  const { people, pool } = chaos;
  const { rows } = await pool.query<{ id: string; user_id: string; conversation_id: string }>(
    // Of those that end their conversations, where pages show them, the one that is soonest written.
    `select m.id, m.user_id, m.conversation_id from message m join message asked on asked.id = m.parent_id
     join conversation c on c.active_leaf_id = m.id
     where m.status = 'interrupted' order by substring(asked.text from 'Count up to (.*)')::int limit 1`,
  );
  const [reply] = rows;
  const { http } = people.find(({ user }) => user.id === reply?.user_id)!;
  const body = { clientTurnId: crypto.randomUUID() };
  const again = await http('POST /api/messages/:id/regenerate', { params: { id: reply!.id }, body });
  expect(again.assistantMessage).toMatchObject({ id: reply!.id, receipt: { state: 'held' } });
  const page = () =>
    http('GET /api/conversations/:id/messages', {
      params: { id: reply!.conversation_id },
      query: { around: reply!.id },
    });
  const written = async () => (await page()).items.find(({ id }) => id === reply!.id);
  await expect.poll(written).toMatchObject({ status: 'done', receipt: { state: 'charged' } });
});
