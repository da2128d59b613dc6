import { expect, send, signIn, test } from './support/journey.ts';

test('an admin finds somebody, suspends him, and lets him in again', async ({ page, browser, parley, ada: _ada }) => {
  const mira = await parley.users.create({ nickname: 'Mira Holm', email: 'mira@example.com' });
  await parley.users.create({ nickname: 'Jun' });
  const home = await browser.newContext({ baseURL: parley.url });
  await signIn(home, parley, mira);
  const hers = await home.newPage();
  await hers.goto('/chat/new');
  await send(hers, 'Hello');

  await page.goto('/admin/users');
  const table = page.getByRole('table', { name: 'People, newest first' });
  await expect(table.getByRole('row')).toHaveCount(4);
  await page.getByRole('searchbox', { name: 'Search by name or e-mail' }).fill('mira@');
  await expect(table.getByRole('row')).toHaveCount(2);
  await expect(page).toHaveURL(/q=mira/);
  await table.getByRole('button', { name: 'Mira Holm' }).press('Enter');
  const drawer = page.getByRole('dialog', { name: 'Mira Holm' });
  await expect(drawer.getByText('mira@example.com')).toBeVisible();

  await drawer.getByRole('button', { name: 'Suspend…' }).click();
  const asked = page.getByRole('dialog', { name: 'Suspend Mira Holm?' });
  await asked.getByRole('button', { name: 'Suspend' }).click();
  await expect(asked.getByLabel('Reason')).toBeFocused();
  await expect(asked.getByLabel('Reason')).toHaveAttribute('aria-invalid', 'true');
  await asked.getByLabel('Reason').fill('Sends spam');
  await asked.getByRole('button', { name: 'Suspend' }).click();
  await expect(drawer.getByText('Reason: Sends spam')).toBeVisible();

  // Her page hears of it without being asked anything, and the door stays shut.
  const ended = hers.getByRole('dialog', { name: 'Your session has ended' });
  await ended.getByLabel('Password', { exact: true }).fill(mira.password);
  await ended.getByRole('button', { name: 'Sign in' }).click();
  await expect(ended.getByRole('alert')).toHaveText('This account is suspended. Ask whoever runs this Parley.');

  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await expect(table.getByRole('button', { name: 'Mira Holm' })).toBeFocused();
  await expect(table.getByText('Suspended')).toBeVisible();

  await table.getByRole('button', { name: 'Mira Holm' }).click();
  await drawer.getByRole('button', { name: 'Let in again…' }).click();
  const back = page.getByRole('dialog', { name: 'Let Mira Holm in again?' });
  await back.getByLabel('Reason').fill('It was somebody else');
  await back.getByRole('button', { name: 'Let in again' }).click();
  await expect(drawer.getByRole('button', { name: 'Suspend…' })).toBeVisible();
  await ended.getByRole('button', { name: 'Sign in' }).click();
  await expect(ended).toBeHidden();
  await home.close();

  await drawer.getByRole('link', { name: 'What was done about this person' }).click();
  await expect(page.getByText('Only what was done about Mira Holm')).toBeVisible();
  const entries = page.getByRole('main').getByRole('listitem');
  await expect(entries).toContainText(['Ada let Mira Holm in again', 'Ada suspended Mira Holm']);
  await expect(entries.last()).toContainText('Reason: Sends spam');
  await page.getByLabel('Done by').selectOption('The system');
  await expect(page.getByText('Nothing on record')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(entries).toHaveCount(2);
  await entries.first().getByRole('link', { name: 'Mira Holm' }).click();
  await expect(page.getByRole('dialog', { name: 'Mira Holm' })).toBeVisible();
});
