import { expect, messageAt, send, signIn } from './support/journey.ts';
import { test } from './support/shared-parley.ts';

test('somebody invited makes an account, signs out and in again', async ({ page, browser, parley, ada: _ada }) => {
  await page.goto('/admin/invitations');
  await page.getByRole('button', { name: 'Invite somebody' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Note').fill('For Grace');
  await dialog.getByRole('button', { name: 'Invite somebody' }).click();
  const link = await dialog.getByText(/\/join\//).innerText();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('For Grace')).toBeVisible();

  const home = await browser.newContext({ baseURL: parley.url });
  const guest = await home.newPage();
  await guest.goto(new URL(link.trim()).pathname);
  await guest.getByLabel('Name').fill('Grace');
  await guest.getByLabel('E-mail').fill('grace@example.com');
  await guest.getByLabel('Password', { exact: true }).fill('short');
  await guest.getByRole('button', { name: 'Create account' }).click();
  await expect(guest.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await guest.getByLabel('Password', { exact: true }).fill('a sentence to remember');
  await guest.getByRole('button', { name: 'Create account' }).click();
  await expect(guest.getByRole('heading', { name: 'What is on your mind, Grace?' })).toBeVisible();

  await guest.getByRole('button', { name: 'Account of Grace' }).click();
  await expect(guest.getByRole('menuitem', { name: 'Administration' })).toHaveCount(0);
  await guest.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(guest).toHaveURL(/sign-in/);
  await guest.getByLabel('E-mail').fill('grace@example.com');
  await guest.getByLabel('Password', { exact: true }).fill('not the sentence');
  await guest.getByRole('button', { name: 'Sign in' }).click();
  await expect(guest.getByRole('alert')).toHaveText('E-mail or password is wrong.');
  await guest.getByLabel('Password', { exact: true }).fill('a sentence to remember');
  await guest.getByRole('button', { name: 'Sign in' }).click();
  await expect(guest.getByRole('heading', { name: 'What is on your mind, Grace?' })).toBeVisible();

  // The next one who opens the link need not fill in anything to hear that it is used up.
  const other = await browser.newContext({ baseURL: parley.url });
  const late = await other.newPage();
  await late.goto(new URL(link.trim()).pathname);
  await expect(late.getByRole('heading', { name: 'This invitation does not work' })).toBeVisible();
  await expect(late.getByRole('textbox')).toHaveCount(0);
  await late.getByRole('link', { name: 'Sign in' }).click();
  await expect(late).toHaveURL(/sign-in/);
  await other.close();
  await home.close();
});

test('a changed password signs the other devices out, and only the new one opens the door', async ({
  page,
  browser,
  parley,
}) => {
  const mira = await parley.users.create({ nickname: 'Mira' });
  await signIn(page.context(), parley, mira);
  const elsewhere = await browser.newContext({ baseURL: parley.url });
  await signIn(elsewhere, parley, await parley.users.signIn(mira));
  const other = await elsewhere.newPage();
  await other.goto('/chat/new');
  await expect(other.getByRole('textbox', { name: 'Message' })).toBeVisible();

  await page.goto('/settings/privacy');
  await page.getByLabel('Current password').fill(mira.password);
  await page.getByLabel('New password').fill('an even better sentence');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Password changed. Other devices are signed out.')).toBeVisible();

  // What stood on the other screen stays; whoever knows the new password goes on with it.
  const expired = other.getByRole('dialog', { name: 'Your session has ended' });
  await expired.getByLabel('Password', { exact: true }).fill('an even better sentence');
  await expired.getByRole('button', { name: 'Sign in' }).click();
  await expect(expired).toBeHidden();
  await send(other, 'Hello');
  await expect(messageAt(other, 2)).toContainText(/\w+ \w+/);
  await elsewhere.close();
});

test('an API key is shown once, works, and stops working when it is revoked', async ({ page, parley, ada: _ada }) => {
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'Create key' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Laptop');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(dialog.getByRole('button', { name: 'Copy key' })).toBeVisible();
  const key = /parley[\w-]{20,}/.exec(await dialog.innerText())?.[0] ?? 'no key on the screen';
  const ask = () =>
    fetch(`${parley.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'demo/demo', messages: [{ role: 'user', content: 'Hello' }] }),
    });
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ object: 'chat.completion', model: 'demo/demo' });

  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText('Laptop')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Laptop')).toBeVisible();
  expect(await page.content()).not.toContain(key);

  await page.getByRole('button', { name: 'Revoke the key Laptop' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('Key revoked')).toBeVisible();
  expect((await ask()).status).toBe(401);
});
