import { join } from 'node:path';
import { defineConfig, devices } from '@playwright/test';
import { ensureChromium, type Chromium } from '../support/services/index.ts';

const root = join(import.meta.dirname, '../..');

/** `npm test` names the browser it found; Playwright run by hand looks for it once, and tells its workers. */
async function chromium(): Promise<Chromium> {
  const { PARLEY_TEST_CHROMIUM: given, PARLEY_TEST_CHROMIUM_ENV: env = '{}' } = process.env;
  if (given !== undefined) return { path: given, env: JSON.parse(env) as Chromium['env'] };
  const found = await ensureChromium(join(root, '.cache'), (line) => void process.stderr.write(`${line} …\n`));
  process.env.PARLEY_TEST_CHROMIUM = found.path;
  process.env.PARLEY_TEST_CHROMIUM_ENV = JSON.stringify(found.env);
  return found;
}

const { path, env } = await chromium();

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.e2e.ts',
  outputDir: join(root, '.cache/e2e'),
  globalSetup: './global-setup.ts',
  // A journey that passes only the second time is broken.
  retries: 0,
  // Most of a journey is waiting for paint, the network and words that are written slowly. Each of the two has a Parley
  // and a browser of its own; no journey depends on another one, in its file or elsewhere.
  workers: 2,
  fullyParallel: true,
  // Nothing is measured by these: they only end a journey that waits for what will not come.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 900 },
    // The page as it was before and after each act, and all requests; filming it besides would cost every journey a sixth
    // of its time. How it looked at the end is kept below.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: path,
      env: { ...process.env, ...env },
      // Root has no user namespace to sandbox the browser in, and /dev/shm is tiny in containers.
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    },
  },
});
