import { says, startOpenAiUpstream } from '../support/parley/openai-upstream.ts';
import { expect, messageAt, send, test } from './support/journey.ts';

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('models are put in order from rows that are low and have room for a finger', async ({ page, ada: _ada }) => {
    await page.goto('/admin/providers');
    const rows = page.getByRole('list').filter({ hasText: 'demo/demo-reasoner' }).getByRole('listitem');
    await expect(rows).toContainText(['Demo Default', 'Demo, thinking aloud']);
    for (const row of await rows.all()) expect((await row.boundingBox())!.height).toBeLessThan(88);
    for (const button of await rows.getByRole('button').all()) {
      const { width, height } = (await button.boundingBox())!;
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(44);
    }

    const first = page.getByRole('button', { name: 'More about Demo', exact: true });
    await first.tap();
    await expect(page.getByRole('menuitem', { name: 'Move Demo up' })).toBeDisabled();
    const kept = page.waitForResponse('**/api/admin/models/order');
    await page.getByRole('menuitem', { name: 'Move Demo down' }).tap();
    await expect(rows).toContainText(['Demo, thinking aloud Default', 'demo/demo ·']);
    await expect(first).toBeFocused();
    // It is on the screen before the server has heard of it.
    await kept;
    await page.reload();
    await expect(rows).toContainText(['Demo, thinking aloud Default', 'demo/demo ·']);
  });
});

const secret = 'sk-typed-in-the-browser';

test('an admin connects an OpenAI-compatible server and people talk to its model', async ({ page, ada: _ada }) => {
  const upstream = await startOpenAiUpstream();
  const answers: Promise<string>[] = [];
  page.on('response', (response) => {
    // A body that is gone with its page can't be read any more, and told nobody anything.
    if (new URL(response.url()).pathname.startsWith('/api/')) answers.push(response.text().catch(() => ''));
  });

  await page.goto('/admin/plugins');
  const allowPrivate = page.getByRole('switch', { name: 'Allow: Reaches this machine and your private network' });
  await page.getByRole('button', { name: 'Details of OpenAI-compatible server' }).click();
  await allowPrivate.uncheck();
  await expect(page.getByText('Permissions changed')).toBeVisible();

  await page.goto('/admin/providers');
  await page.getByRole('button', { name: 'Add connection' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('House server');
  await dialog.getByLabel('Address of the server').fill(upstream.baseUrl);
  await dialog.getByRole('textbox', { name: /key/i }).first().fill(secret);
  await dialog.getByRole('button', { name: 'Save and test' }).click();
  await expect(page.getByText(/“127.0.0.1” is on this machine or in your private network/)).toBeVisible();

  await page.getByRole('link', { name: 'Allow it under Plugins' }).click();
  await allowPrivate.check();
  await expect(page.getByText('Permissions changed')).toBeVisible();
  await page.goto('/admin/providers');
  await page.getByRole('button', { name: 'Test House server' }).click();
  await expect(page.getByText(/Works\. Answered in [\d.,]+ ms with 1 model/)).toBeVisible();

  await page.getByRole('button', { name: 'Find models of House server' }).click();
  await page.getByRole('dialog', { name: 'Models of House server' }).getByLabel('model-a').check();
  await page.getByRole('button', { name: 'Offer 1 model' }).click();
  await expect(page.getByText('1 model added')).toBeVisible();
  for (const name of ['Demo', 'model-a']) {
    await page.getByRole('button', { name: `More about ${name}`, exact: true }).click();
    await page.getByRole('menuitem', { name: 'Make default' }).click();
    await expect(page.getByText(`${name} is the default now`)).toBeVisible();
  }

  upstream.script(says('Good ', 'evening ', 'from the house.'), says('A title'));
  await page.goto('/chat/new');
  await expect(page.getByRole('button', { name: 'Model: model-a' })).toBeVisible();
  await send(page, 'Good evening');
  await expect(messageAt(page, 2)).toContainText('Good evening from the house.');
  expect(upstream.server.requests.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`);

  await page.goto('/admin/providers');
  await page.getByRole('button', { name: 'More about House server' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await expect(page.getByText('A value is kept. Leave this empty to keep it.')).toBeVisible();
  expect(await page.content()).not.toContain(secret);
  expect(await Promise.all(answers)).not.toContainEqual(expect.stringContaining(secret));
  await upstream.close();
});
