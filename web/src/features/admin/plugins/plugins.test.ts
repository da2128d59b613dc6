import { render, screen, within } from '@testing-library/svelte';
import type { InstalledPlugin } from '@parley/sdk/contract';
import { beforeAll, expect, test } from 'vitest';
import { loadAllWords, loadLanguage } from '../../../i18n/i18n.svelte.ts';
import PluginDialog from './PluginDialog.svelte';
import PluginRow from './PluginRow.svelte';

beforeAll(async () => {
  await loadLanguage('en');
  await loadAllWords();
});

const permissions = { network: [], secrets: [] };
const contributes = {
  providers: [],
  promptTransforms: [],
  moderators: [{ id: 'input' }],
  streamFilters: [{ id: 'output' }],
};
const settings = { type: 'object', properties: { words: { type: 'string', title: 'Words' } } };
const plugin = {
  id: 'acme.words',
  version: '1.2.3',
  name: 'Word lists',
  description: 'Blocks words.',
  author: 'Acme',
  trust: 'reviewed',
  enabled: true,
  manifest: { contributes, permissions, settings },
  settings: {},
  refusedPermissions: [],
  health: {
    state: 'healthy',
    restingSeconds: null,
    calls: 1,
    failures: 0,
    p95Ms: 1,
    memoryBytes: 1,
    lastFailure: null,
  },
} as unknown as InstalledPlugin;

test('a row says in one line what a plugin is and adds', () => {
  render(PluginRow, { plugin, onchange: () => undefined, onopen: () => undefined });
  expect(screen.getByText('1.2.3 by Acme · Moderates · Filters replies')).toBeVisible();
});

test('settings are saved by a button that stays in sight below them, and other tabs have none', async () => {
  render(PluginDialog, { plugin, onchange: () => undefined, onclose: () => undefined });
  const dialog = screen.getByRole<HTMLDialogElement>('dialog');
  const save = within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Save' });
  expect(save.closest('footer')?.parentElement).toBe(dialog);
  expect(save.form).toBe(within(dialog).getByLabelText(/Words/).closest('form'));
  screen.getByRole('tab', { name: 'Permissions' }).click();
  await expect.poll(() => within(dialog).queryByRole('button', { name: 'Save' })).toBeNull();
});
