import { expect, messageAt, send, signIn, test } from './support/journey.ts';

test('an admin sets up a tier, a price, a code and a grant, and the person sees all of it under Usage', async ({
  page,
  browser,
  parley,
  ada: _ada,
}) => {
  const mira = await parley.users.create({ nickname: 'Mira Holm', email: 'mira@example.com' });

  // A tier, with the refusal of the server at the box it is about.
  await page.goto('/admin/tiers');
  await page.getByRole('button', { name: 'Add a tier' }).click();
  const tier = page.getByRole('dialog', { name: 'Add a tier' });
  await tier.getByLabel('Name').fill('Workshop');
  await tier.getByLabel('Id').fill('pro');
  await tier.getByLabel('Messages in a day').fill('40');
  await tier.getByRole('button', { name: 'Add a tier' }).click();
  await expect(tier.getByLabel('Id')).toHaveAttribute('aria-invalid', 'true');
  await tier.getByLabel('Id').fill('workshop');
  await tier.getByRole('button', { name: 'Add a tier' }).click();
  await expect(page.getByRole('region', { name: 'Workshop' })).toContainText('Messages in a day 40');
  await page.getByRole('button', { name: 'More about the tier Free' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const removal = page.getByRole('dialog', { name: 'Remove the tier “Free”?' });
  await removal.getByRole('button', { name: 'Remove' }).click();
  await expect(removal.getByRole('alert')).toHaveText('Newcomers get this tier. Make another one the default first.');
  await removal.getByRole('button', { name: 'Cancel' }).click();

  // A price, told in words.
  await page.goto('/admin/credits');
  await page.getByRole('button', { name: 'Set a price' }).click();
  const price = page.getByRole('dialog', { name: 'Set a price' });
  await price.getByLabel('Model').selectOption('demo/demo');
  await price.getByLabel('Per message').fill('0.25');
  await price.getByLabel('Per 1,000 tokens written').fill('0.5');
  await expect(price.getByText('A message of 1,000 + 500 tokens costs 0.5 credits.')).toBeVisible();
  await price.getByRole('button', { name: 'Set a price' }).click();
  await expect(page.getByText('0.25 per message and 0.5 per 1,000 tokens written')).toBeVisible();

  // A code, shown once.
  await page.getByRole('tab', { name: 'Codes' }).click();
  await page.getByRole('button', { name: 'Make codes' }).click();
  const codes = page.getByRole('dialog');
  await codes.getByLabel('Name of the batch').fill('Open day');
  await codes.getByLabel('Worth of each').fill('12.5');
  await codes.getByRole('button', { name: 'Make codes' }).click();
  const code = await codes.getByText(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/).innerText();
  const download = page.waitForEvent('download');
  await codes.getByRole('link', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toBe('open-day.txt');
  await codes.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('list', { name: 'Codes' })).toContainText('Open day');
  expect(await page.content()).not.toContain(code);
  await page.getByRole('button', { name: 'Show only the batch Open day' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Only the batch “Open day” is shown.' })).toBeVisible();
  await page.getByRole('button', { name: 'Show all codes' }).click();

  // A grant and the new tier.
  await page.goto('/admin/users?q=mira@');
  await page.getByRole('button', { name: 'Mira Holm' }).click();
  const drawer = page.getByRole('dialog', { name: 'Mira Holm' });
  await drawer.getByRole('button', { name: 'Give or correct…' }).click();
  const booking = page.getByRole('dialog', { name: 'Credits of Mira Holm' });
  await booking.getByLabel('Amount').fill('100');
  await booking.getByLabel('Reason').fill('For the talk');
  await booking.getByRole('button', { name: 'Give' }).click();
  await expect(booking).toBeHidden();
  await drawer.getByLabel('Tier').selectOption('Workshop');
  await expect(page.getByText('Tier saved')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await page.getByRole('searchbox', { name: 'Search by name or e-mail' }).fill('');
  const table = page.getByRole('table', { name: 'People, newest first' });
  await expect(table.getByRole('row')).toHaveCount(3);
  await page.getByLabel('Tier').selectOption('Workshop');
  await expect(page).toHaveURL(/tier=workshop/);
  await expect(table.getByRole('row')).toHaveCount(2);

  const home = await browser.newContext({ baseURL: parley.url });
  await signIn(home, parley, mira);
  const hers = await home.newPage();
  await hers.goto('/usage');
  await expect(hers.getByText('Your plan: Workshop')).toBeVisible();
  await hers.getByLabel('Code').fill(code.toLowerCase());
  await hers.getByRole('button', { name: 'Redeem' }).click();
  await expect(hers.getByText('Added 12.5 credits to your balance.')).toBeVisible();
  const ledger = hers.getByRole('list', { name: 'Ledger' });
  await expect(ledger.getByRole('listitem')).toContainText(['Code redeemed', 'For the talk']);

  await hers.goto('/chat/new');
  await send(hers, 'Hello');
  await expect(messageAt(hers, 2)).toHaveAttribute('aria-busy', 'false');
  await hers.goto('/usage');
  await expect(ledger.getByRole('listitem').filter({ hasText: 'Reply' })).toContainText('−0.2');
  await ledger.getByRole('button', { name: /^Receipt: Reply/ }).click();
  const receipt = hers.getByRole('dialog', { name: 'Receipt' });
  await expect(receipt.getByText('Not needed, given back')).toBeVisible();
  await hers.keyboard.press('Escape');
  await hers.getByText('Figures of each day').click();
  await expect(hers.getByRole('table', { name: 'By day' }).getByRole('row').nth(1)).toContainText('1');
  await hers.getByLabel('At most in a day').fill('3');
  await hers.getByLabel('At most in a day').press('Tab');
  await expect(hers.getByText('At most in a day saved')).toBeVisible();

  // What it cost is given back, and the books still balance.
  await page.goto('/admin/credits?tab=ledger&kind=capture');
  await page.getByRole('button', { name: /^Refund the charge of/ }).click();
  const refund = page.getByRole('dialog', { name: 'Refund this reply?' });
  await refund.getByLabel('Reason').fill('A demonstration');
  await refund.getByRole('button', { name: 'Refund' }).click();
  await expect(refund).toBeHidden();
  await page.getByRole('tab', { name: 'Books' }).click();
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByText('The books balance.')).toBeVisible();
  await expect(ledger.getByRole('listitem').filter({ hasText: 'Refund' })).toContainText('A demonstration');
  await home.close();
});
