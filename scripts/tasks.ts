// Every verb of package.json is one file in tasks/, loaded only when it is asked for.
const verbs = {
  start: () => import('./tasks/start.ts'),
  dev: () => import('./tasks/dev.ts'),
  build: () => import('./tasks/build.ts'),
  test: () => import('./tasks/test.ts'),
  'test:e2e': () => import('./tasks/test-e2e.ts'),
  lint: () => import('./tasks/lint.ts'),
  format: () => import('./tasks/format.ts'),
  check: () => import('./tasks/check.ts'),
  'db:migrate': () => import('./tasks/db-migrate.ts'),
  chaos: () => import('./tasks/chaos.ts'),
  bench: () => import('./tasks/bench.ts'),
  load: () => import('./tasks/load.ts'),
  parley: () => import('./tasks/parley.ts'),
} satisfies Record<string, () => Promise<{ run(args: string[]): Promise<number> }>>;

const [verb = '', ...args] = process.argv.slice(2);

if (Object.hasOwn(verbs, verb)) {
  try {
    const task = await verbs[verb as keyof typeof verbs]();
    process.exitCode = await task.run(args);
  } catch (error) {
    process.stderr.write(`parley: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
} else {
  process.stderr.write(`parley: there is no verb "${verb}". There are: ${Object.keys(verbs).join(', ')}.\n`);
  process.exitCode = 1;
}
