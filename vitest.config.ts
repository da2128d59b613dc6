import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const services = './tests/support/services/global-setup.ts';

/** One project for each room of the house, so that `--project core` runs a room alone. */
function project(name: string, include: string[], needs: { services?: boolean; timeoutMs: number }) {
  return {
    test: {
      name,
      include,
      exclude: ['**/node_modules/**', '**/dist/**', 'tests/e2e/**'],
      environment: 'node',
      // Isolates and native modules want processes of their own.
      pool: 'forks' as const,
      testTimeout: needs.timeoutMs,
      hookTimeout: 60_000,
      globalSetup: needs.services ? [services] : [],
    },
  };
}

export default defineConfig({
  test: {
    retry: 0,
    projects: [
      // A fresh sandbox worker on a busy machine takes seconds until its first answer.
      project('sdk', ['sdk/src/**/*.test.ts'], { timeoutMs: 30_000 }),
      project('plugins', ['plugins/*/src/**/*.test.ts'], { timeoutMs: 30_000 }),
      project('core', ['core/src/**/*.test.ts'], { services: true, timeoutMs: 20_000 }),
      // Whole servers are started and killed in there.
      project('tests', ['tests/**/*.test.ts', 'scripts/**/*.test.ts'], { services: true, timeoutMs: 60_000 }),
      // The web has a configuration of its own: it needs the Svelte compiler and a document.
      ...(existsSync('web/vitest.config.ts') ? ['web/vitest.config.ts'] : []),
    ],
  },
});
