import { randomUUID } from 'node:crypto';
import { expect, test } from './support/journey.ts';

test('the overview shows what happens, says of which time, and keeps itself up to date', async ({
  page,
  parley,
  ada: _ada,
}) => {
  await page.clock.install();
  await page.goto('/admin/overview');
  const tile = (label: string) => page.getByRole('main').locator('dl > div').filter({ hasText: label });
  await expect(tile('People online')).toContainText('as of the last 10 s');
  await expect(tile('API response time, P95')).toContainText(/\d+ requests in the last 5 min/);
  await expect(tile('Replies being written')).toContainText('0');
  await expect(page.getByRole('table', { name: 'Instances' })).toContainText('Answered this');
  await expect(page.getByRole('listitem').filter({ hasText: 'Demo' })).toContainText('Not tried yet');

  const mira = await parley.users.create({ nickname: 'Mira' });
  await parley.socket(mira);
  const { id } = await parley.http(mira)('POST /api/conversations', { body: {} });
  await parley.http(mira)('POST /api/conversations/:id/turns', {
    params: { id },
    body: { text: '/hang', clientTurnId: randomUUID() },
  });
  // Nobody touches the page: its own ten seconds bring it.
  await expect(async () => {
    await page.clock.runFor(10_000);
    await expect(tile('Replies being written')).toContainText('1', { timeout: 1_000 });
  }).toPass();
  await expect(tile('People online')).toContainText('2');
  await tile('People online').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
});
