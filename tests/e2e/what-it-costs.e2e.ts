import type { TestApp, TestUser } from '@parley/core/testing';
import type { LimitFields } from '@parley/sdk/contract';
import { expect, messageAt, send, signIn, test as ownParley, type Page } from './support/journey.ts';

const credit = 1_000_000;

/** Whoever is signed in on `page` is Robin; Ada sets prices and gives credits from elsewhere. */
const test = ownParley.extend<{ robin: TestUser; give: (credits: number) => Promise<void> }>({
  robin: async ({ parley, context }, use) => {
    const robin = await parley.users.create();
    await signIn(context, parley, robin);
    await use(robin);
  },
  give: async ({ parley, robin }, use) => {
    const admin = parley.http(await parley.users.createAdmin());
    await use(async (credits) => {
      const body = { amount: credits * credit, reason: 'A present', idempotencyKey: crypto.randomUUID() };
      await admin('POST /api/admin/users/:id/grants', { params: { id: robin.id }, body });
    });
  },
});

async function setPrice(parley: TestApp, rates: { perMessage?: number; per1kOutput?: number }): Promise<void> {
  const admin = parley.http(await parley.users.createAdmin());
  await admin('POST /api/admin/prices', { body: { model: '*', ...rates } });
}
const composer = (page: Page) => page.getByRole('form', { name: 'Message' });
const box = (page: Page) => page.getByRole('textbox', { name: 'Message' });

test('a message says what it costs before, while and after it is answered', async ({ page, parley, give }) => {
  await setPrice(parley, { perMessage: credit, per1kOutput: credit });
  await give(50);
  await page.goto('/chat/new');

  // Runs for a minute, however slow the machine is.
  await box(page).fill('/long 20000');
  const estimate = composer(page).getByRole('button', { name: /^about \d+ tokens, up to 5\.1 credits, 50 left$/ });
  await estimate.click();
  const breakdown = page.getByRole('dialog', { name: 'What this message costs' });
  await expect(breakdown).toContainText(/Reply, at most\s*4,096 tokens/);
  await expect(breakdown).toContainText(/At most\s*5\.1 credits/);
  await page.keyboard.press('Escape');
  await expect(breakdown).toBeHidden();

  await page.getByRole('button', { name: 'Send' }).click();
  await expect(composer(page)).toContainText('5.1 locked');
  await expect(messageAt(page, 2)).toContainText('100');
  await page.getByRole('button', { name: 'Stop' }).click();
  const stopped = messageAt(page, 2).getByRole('button', { name: /^Receipt: Stopped\. / });
  await expect(stopped).toHaveText(/^Stopped\. [\d,]+ tokens?, [\d.]+ credits? charged, [\d.]+ refunded\.$/);
  const tokens = Number(/([\d,]+) tokens?,/.exec(await stopped.innerText())![1]!.replace(',', ''));
  await expect(composer(page)).not.toContainText('locked');

  await stopped.click();
  const receipt = page.getByRole('dialog', { name: 'Receipt' });
  await expect(receipt).toContainText(/Locked while it was written\s*5\.\d+/);
  await expect(receipt).toContainText(new RegExp(`Charged\\s*${(1_000 + tokens) / 1_000}\\s*Released`));
  await expect(receipt).toContainText(/Each message\s*1 credit/);
  await expect(receipt.getByRole('listitem')).toContainText(['Locked', 'Charged']);
  await receipt.getByRole('button', { name: 'Close' }).click();

  await send(page, '/fail after 30');
  await expect(messageAt(page, 4)).toContainText(/Nothing charged, [\d.]+ refunded/);
  await send(page, 'Hello');
  await expect(messageAt(page, 6)).toContainText(/1\.\d+ credits, \d+ tokens, [\d.]+ s/);
});

test('whoever has spent all sees it, goes on writing, and sends when there is more', async ({ page, parley, give }) => {
  const admin = parley.http(await parley.users.createAdmin());
  await admin('PATCH /api/admin/settings', { body: { topUpUrl: 'https://shop.example/credits' } });
  await setPrice(parley, { perMessage: 2 * credit });
  await give(3);
  await page.goto('/chat/new');
  await send(page, 'Hello');
  await expect(messageAt(page, 2)).toContainText('2 credits');

  await box(page).fill('And again');
  await expect(composer(page)).toContainText('This can cost up to 2 credits, and you have 1.');
  await expect(page.getByRole('button', { name: 'Send' })).toBeDisabled();
  await expect(page.getByRole('link', { name: 'Top up' })).toHaveAttribute('href', /^https:\/\/shop\.example\/credits/);
  await expect(page.getByRole('link', { name: 'See usage' })).toHaveAttribute('href', '/usage');
  await box(page).pressSequentially(', please');
  await expect(box(page)).toHaveValue('And again, please');

  await give(1);
  await expect(page.getByRole('button', { name: 'Send' })).toBeEnabled();
  await expect(page.getByRole('link', { name: 'Top up' })).toBeHidden();
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(messageAt(page, 4)).toContainText('2 credits');
});

test('free models speak of no credits', async ({ page, robin: _robin }) => {
  await page.goto('/chat/new');
  const asked = page.waitForResponse('**/api/estimate');
  await box(page).fill('Hello');
  await asked;
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(messageAt(page, 2)).toContainText(/\d+ tokens/);
  await expect(page.getByText(/credit|locked|left/)).toHaveCount(0);
});

test('everything that runs is listed in every screen, and stopped from there', async ({ page, robin: _robin }) => {
  for (let chat = 0; chat < 2; chat++) {
    await page.goto('/chat/new');
    await send(page, '/long 20000');
    await expect(messageAt(page, 2)).toContainText('100');
  }
  await page.goto('/settings/profile');
  await page.getByRole('button', { name: '2 replies running' }).click();
  const tray = page.getByRole('dialog', { name: 'Running replies' });
  await expect(tray).toContainText('2 of 15');
  await expect(tray.getByRole('listitem')).toHaveCount(2);
  await tray
    .getByRole('button', { name: /^Stop the reply in/ })
    .first()
    .click();
  await expect(tray.getByRole('listitem')).toHaveCount(1);
  await tray.getByRole('link').click();
  await expect(page).toHaveURL(/\/chat\/.+/);
  const opener = page.getByRole('button', { name: '1 reply running' });
  await opener.click();
  await expect(tray).toBeVisible();
  await opener.click();
  await expect(tray).toBeHidden();
  // One press of the key closes what floats, and stops nothing besides.
  await opener.click();
  await expect(tray).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tray).toBeHidden();
  await expect(opener).toBeFocused();
  await opener.click();
  await tray.getByRole('button', { name: /^Stop the reply in/ }).press('Enter');
  await expect(page.getByRole('button', { name: /replies? running/ })).toBeHidden();
  await expect(messageAt(page, 2)).toContainText('Stopped');
});

test('what keeps a message from going says so, with a way out, and keeps the words', async ({
  page,
  parley,
  robin,
}) => {
  const admin = parley.http(await parley.users.createAdmin());
  const limit = async (fields: Partial<LimitFields>) => {
    const body = { fields, reason: 'To see what happens', expiresAt: null };
    await admin('POST /api/admin/users/:id/limit-overrides', { params: { id: robin.id }, body });
  };
  const refused = async (words: RegExp, text: string) => {
    await page.goto('/chat/new');
    await box(page).fill(text);
    await expect(composer(page)).toContainText(words);
    await expect(page.getByRole('button', { name: 'Send' })).toBeDisabled();
    await expect(box(page)).toHaveValue(text);
  };

  await limit({ contextTokens: 256 });
  await refused(/The message has about [\d,]+ tokens, and the model takes in [\d,]+\./, 'many words '.repeat(500));
  await limit({ contextTokens: null, requestsPerMinute: 1 });
  await box(page).fill('Hello');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(messageAt(page, 2)).toContainText(/\d+ tokens/);
  await refused(/That is as many messages as fit into a minute\. The next one in \d+ s/, 'Hello again');
  await limit({ requestsPerDay: 1 });
  await refused(/Your 1 message of today is spent\. There is a new one at \d+:\d+/, 'Hello again');
  await limit({ allowedModels: ['another/*'] });
  await refused(/None of the models here belongs to your plan \(Free\)\./, 'Hello again');
});
