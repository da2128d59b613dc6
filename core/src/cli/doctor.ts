import { fileURLToPath } from 'node:url';
import type { Config } from '../config/config.ts';
import {
  checkDatabase,
  checkDataFolder,
  checkNode,
  checkPlugins,
  checkPort,
  checkRedis,
  checkSecretKey,
  checkWeb,
  type Finding,
} from './doctor-checks.ts';

const webFolder = fileURLToPath(new URL('../../../web/dist', import.meta.url));
const pluginsFolder = fileURLToPath(new URL('../../../plugins', import.meta.url));
const marks = { ok: 'ok   ', note: 'note ', wrong: 'WRONG' } as const;

/** Looks at everything and changes nothing. False when something is wrong. */
export async function doctor(config: Config, print: (line: string) => void): Promise<boolean> {
  const checks: (() => Finding | Promise<Finding>)[] = [
    () => checkNode(),
    () => checkDataFolder(config.dataDir),
    () => checkDatabase(config),
    () => checkRedis(config.redisUrl),
    () => checkSecretKey(config),
    () => checkWeb(webFolder),
    () => checkPlugins(pluginsFolder),
    () => checkPort(config),
  ];
  let healthy = true;
  for (const check of checks) {
    const finding = await check();
    healthy &&= finding.state !== 'wrong';
    print(`${marks[finding.state]}  ${finding.text}`);
    if (finding.mend !== undefined) print(`       → ${finding.mend}`);
  }
  print(healthy ? 'Nothing is wrong.' : 'Something is wrong: see above.');
  return healthy;
}
