import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/support/longest-first.ts';

const services = './tests/support/services/global-setup.ts';

/** One project for each room of the house, so that `--project core` runs a room alone. */
function project(name: string, include: string[], globalSetup: string[] = []) {
  return {
    test: {
      name,
      include,
      exclude: ['**/node_modules/**', '**/dist/**', 'tests/e2e/**'],
      environment: 'node',
      // Isolates and native modules want processes of their own. A process carries one file after another: loading all code
      // anew for each would take half of the time. What a file changes for the whole process it takes back.
      pool: 'forks' as const,
      isolate: false,
      // Fresh sandbox workers and whole servers take many seconds on a busy machine; no test measures time by this.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      expect: { poll: { timeout: 60_000 } },
      globalSetup,
    },
  };
}

export default defineConfig({
  test: {
    retry: 0,
    // Most of a file's time is waiting for processes of its own, so that two cores carry four files at a time.
    maxWorkers: availableParallelism() + 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      project('sdk', ['sdk/src/**/*.test.ts']),
      project('plugins', ['plugins/*/src/**/*.test.ts']),
      project('core', ['core/src/**/*.test.ts'], [services]),
      project('tests', ['tests/**/*.test.ts'], [services]),
      // The web has a configuration of its own: it needs the Svelte compiler and a document.
      'web/vitest.config.ts',
    ],
  },
});
