import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { aptInstall } from './apt.ts';
import { findProgram } from './find-program.ts';

export interface Chromium {
  readonly path: string;
  /** What its process needs beside the usual environment. */
  readonly env: Readonly<Record<string, string>>;
}

const SYSTEM = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
/** A Chromium for Linux x64 inside an npm package, for machines where nothing can be installed. */
const PACKAGED = { name: '@sparticuz/chromium', version: '153.0.0' };
const run = promisify(execFile);

/** The system's Chromium, else one installed now, else the packaged one in the cache folder. */
export async function ensureChromium(cache: string, log: (line: string) => void): Promise<Chromium> {
  const present = await findProgram(SYSTEM);
  if (present !== undefined) return { path: present, env: {} };

  const cached = await packagedChromium(cache).catch(() => undefined);
  if (cached !== undefined) return cached;

  log('getting Chromium');
  if (await aptInstall(['chromium'])) {
    const installed = await findProgram(SYSTEM);
    if (installed !== undefined) return { path: installed, env: {} };
  }
  try {
    const settings = ['--no-save', '--no-package-lock', '--ignore-scripts', '--loglevel=error'];
    const wanted = `${PACKAGED.name}@${PACKAGED.version}`;
    await run('npm', ['install', '--prefix', join(cache, 'chromium'), ...settings, wanted]);
    return await packagedChromium(cache);
  } catch (cause) {
    throw new Error(
      'The browser tests need Chromium or Chrome, and it could not be installed. Install it, then try again.',
      { cause },
    );
  }
}

async function packagedChromium(cache: string): Promise<Chromium> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('there is no packaged Chromium for this');
  // The package unpacks its libraries only where it believes to be; the value names the flavour it knows.
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs22.x';
  const entry = createRequire(join(cache, 'chromium/package.json')).resolve(PACKAGED.name);
  const loaded: { default: { executablePath(): Promise<string> } } = await import(pathToFileURL(entry).href);
  const path = await loaded.default.executablePath();
  const env = { LD_LIBRARY_PATH: join(path, '../al2023/lib') };
  if ((await findProgram([path], env)) === undefined) throw new Error('the packaged Chromium does not run here');
  return { path, env };
}
