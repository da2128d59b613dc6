// Plain JavaScript, because it runs before anything could remove types. Takes the worker's own code from standard input (see
// bundle/worker-bundle.ts) and serves it to the module loader, so that the process may be denied nearly all of the file system.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

// A terminal's Ctrl-C, or whoever stops a whole group of processes, means the core. It may have replies to end well, and its workers
// end with the pipe to it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

const bundle = JSON.parse(readFileSync(0, 'utf8'));
globalThis.parleyGuestSource = bundle.guest;

registerHooks({
  resolve(specifier, context, next) {
    const known = bundle.packages[specifier];
    if (known !== undefined) return next(known, context);
    if (specifier.startsWith('.') && bundle.modules[context.parentURL] !== undefined) {
      return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
    }
    if (bundle.modules[specifier] !== undefined) return { url: specifier, format: 'module', shortCircuit: true };
    return next(specifier, context);
  },
  load(url, context, next) {
    const source = bundle.modules[url];
    return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
  },
});

await import(bundle.entry);
