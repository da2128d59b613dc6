import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, holds, says } from '../support/parley/openai-upstream.ts';
import { type ParleyWithUpstream, startParleyWithUpstream } from '../support/parley/parley-with-upstream.ts';

let parley: ParleyWithUpstream;
beforeAll(async () => {
  parley = await startParleyWithUpstream();
});
afterAll(() => parley.stop());

test('a killed sandbox worker fails the replies it was writing, keeps their text, and the next call works', async () => {
  const users = await Promise.all(Array.from({ length: 20 }, () => parley.users.create()));
  const started = Promise.withResolvers<void>();
  let open = 0;
  const slow: Answer = (response, request) => {
    open += 1;
    if (open === users.length) started.resolve();
    return holds('so far').answer(response, request);
  };
  parley.upstream.script(...users.map(() => slow));
  const conversations = await Promise.all(
    users.map(async (user) => {
      const http = parley.http(user);
      const { id } = await http('POST /api/conversations', { body: { model: parley.model } });
      await http('POST /api/conversations/:id/turns', {
        params: { id },
        body: { clientTurnId: crypto.randomUUID(), text: 'Hi' },
      });
      return { http, id };
    }),
  );
  await started.promise;
  const last = async ({ http, id }: (typeof conversations)[number]) =>
    (await http('GET /api/conversations/:id/messages', { params: { id } })).items.at(-1)!;
  await expect
    .poll(async () => (await Promise.all(conversations.map(last))).every(({ status }) => status === 'streaming'), {
      timeout: 60_000,
    })
    .toBe(true);

  const { sandbox } = parley.app.modules.plugins;
  const [worker] = sandbox.health().workers;
  process.kill(worker!.pid, 'SIGKILL');

  await expect
    .poll(async () => (await Promise.all(conversations.map(last))).map(({ status }) => status), { timeout: 60_000 })
    .toEqual(users.map(() => 'failed'));
  const failures = (await Promise.all(conversations.map(last))).map(({ failure }) => failure);
  // The filter or the provider, whichever call was settled first; both lived in that worker.
  for (const failure of failures)
    expect(failure).toMatchObject({ code: expect.stringMatching(/^plugin\./), retryable: true });

  parley.upstream.script(says('back again'));
  const [{ http, id }] = conversations as [(typeof conversations)[number]];
  await http('POST /api/conversations/:id/turns', {
    params: { id },
    body: { clientTurnId: crypto.randomUUID(), text: 'And now?' },
  });
  await expect.poll(async () => (await last({ http, id })).text, { timeout: 60_000 }).toBe('back again');
});
