import { defineConfig, devices } from '@playwright/test';
import { ensureChromium } from '../support/services/index.ts';

// `npm test` and `npm run test:e2e` name the browser they found; Playwright run by hand looks for it here.
const given = process.env.PARLEY_TEST_CHROMIUM;
const chromium =
  given === undefined
    ? await ensureChromium(`${import.meta.dirname}/../../.cache`, (line) => void process.stderr.write(`${line} …\n`))
    : { path: given, env: JSON.parse(process.env.PARLEY_TEST_CHROMIUM_ENV ?? '{}') as Record<string, string> };

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.e2e.ts',
  outputDir: '../../.cache/e2e',
  globalSetup: '../support/services/global-setup.ts',
  // A journey that passes only the second time is broken.
  retries: 0,
  // Two cores carry a core, its workers, PostgreSQL and a browser; a second of each would make the clocks lie.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    ...devices['Desktop Chrome'],
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium.path,
      env: { ...process.env, ...chromium.env },
      // Root has no user namespace to sandbox the browser in, and /dev/shm is tiny in containers.
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    },
  },
});
