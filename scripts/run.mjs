// The door to every verb of package.json. It runs on any Node >= 18 and uses nothing but Node and npm: it puts the
// pinned Node and pnpm into .runtime/, installs the locked packages, and hands over to scripts/tasks.ts.
// All it has to say goes to stderr, so that a verb's own output can be piped.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './bootstrap/packages.mjs';
import { runToEnd } from './bootstrap/processes.mjs';
import { prepareRuntime } from './bootstrap/runtime.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

try {
  const runtime = prepareRuntime(root);
  if (existsSync(join(root, 'pnpm-lock.yaml'))) installPackages(root, runtime);
  const tasks = join(root, 'scripts', 'tasks.ts');
  process.exitCode = await runToEnd(runtime.node, [tasks, ...process.argv.slice(2)], { cwd: root, env: runtime.env });
} catch (error) {
  process.stderr.write(`parley: ${error.message}\n`);
  process.exitCode = 1;
}
