import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Everything a worker process runs, as text. It is handed over at start: the worker reads no file but those of its packages. */
export interface WorkerBundle {
  entry: string;
  /** JavaScript by file URL. */
  modules: Record<string, string>;
  /** The runtime inside isolates, one script. */
  guest: string;
  /** File URLs of the packages that the modules import by name. */
  packages: Record<string, string>;
  /** Folders of those packages. */
  readable: string[];
}
/** The bundle, and the same as the JSON that each worker is started with. */
export interface LoadedBundle extends WorkerBundle {
  text: string;
}

let bundle: Promise<LoadedBundle> | undefined;

/** Made once per process, in a fifth of a second. */
export function loadWorkerBundle(): Promise<LoadedBundle> {
  bundle ??= build();
  return bundle;
}

async function build(): Promise<LoadedBundle> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const script = fileURLToPath(new URL(`./print-bundle.${extension}`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
    env: {},
    maxBuffer: 32_000_000,
  });
  return { ...(JSON.parse(stdout) as WorkerBundle), text: stdout };
}
