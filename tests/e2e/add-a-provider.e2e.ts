import { says, startOpenAiUpstream } from '../support/parley/openai-upstream.ts';
import { expect, messageAt, send, test } from './support/journey.ts';

test('an admin connects an OpenAI-compatible server and people talk to its model', async ({ page, ada: _ada }) => {
  const upstream = await startOpenAiUpstream();
  await page.goto('/admin/providers');
  await page.getByRole('button', { name: 'Add connection' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('House server');
  await dialog.getByLabel('Address of the server').fill(upstream.baseUrl);
  await dialog.getByRole('textbox', { name: /key/i }).first().fill('sk-typed-in-the-browser');
  await dialog.getByRole('button', { name: 'Save and test' }).click();

  await page.getByRole('dialog', { name: 'Models of House server' }).getByLabel('model-a').check();
  await page.getByRole('button', { name: 'Offer 1 model' }).click();
  await expect(page.getByText('1 model added')).toBeVisible();

  upstream.script(says('Good ', 'evening ', 'from the house.'), says('A title'));
  await page.goto('/chat/new');
  await page.getByRole('button', { name: /^Model:/ }).click();
  await page.getByRole('menuitemradio', { name: /model-a/ }).click();
  await send(page, 'Good evening');
  await expect(messageAt(page, 2)).toContainText('Good evening from the house.');
  expect(upstream.server.requests.at(-1)?.headers.authorization).toBe('Bearer sk-typed-in-the-browser');
  await upstream.close();
});
