import { randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCode } from './error-code.ts';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';

export class FolderInUseError extends Error {
  readonly code = 'folder.in_use';
  readonly folder: string;
  readonly pid: number;
  constructor(folder: string, pid: number) {
    super(`The folder ${folder} is in use by another running process (pid ${pid}).`);
    this.name = 'FolderInUseError';
    this.folder = folder;
    this.pid = pid;
  }
}

export interface FolderLock {
  release(): Promise<void>;
}

interface Claim extends ProcessIdentity {
  readonly state: 'asking' | 'holding';
}

const ATTEMPTS = 40;

/**
 * Makes this process the only user of a folder until `release()` or its death.
 *
 * Node has no flock, and a single lock file cannot be taken over from a dead owner without a race. So each process
 * first writes a claim under a name of its own and only then looks at the others': of two that come at once at least
 * one sees the other. Claims of dead processes are removed by whoever finds them, so `kill -9` leaves nothing to mend.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const claims = join(folder, '.lock');
  await mkdir(claims, { recursive: true });
  const where = await realpath(folder);
  const me = await identityOf(process.pid);
  const file = join(claims, `${process.pid}-${randomUUID()}.json`);
  const release = () => rm(file, { force: true });

  for (let attempt = 1; ; attempt++) {
    await writeClaim(file, { ...me, state: 'asking' });
    const others = await livingClaims(claims, file);
    const holder = others.find((claim) => claim.state === 'holding');
    if (holder === undefined && others.length === 0) {
      await writeClaim(file, { ...me, state: 'holding' });
      return { release };
    }
    await release();
    if (holder !== undefined) throw new FolderInUseError(where, holder.pid);
    // Both were only asking: step back for a moment of different length, so that one of us goes first.
    if (attempt === ATTEMPTS) throw new FolderInUseError(where, others[0]?.pid ?? process.pid);
    await pause(5 + Math.random() * 40);
  }
}

async function writeClaim(file: string, claim: Claim): Promise<void> {
  const draft = `${file}.draft`;
  await writeFile(draft, JSON.stringify(claim));
  await rename(draft, file);
}

async function livingClaims(claims: string, own: string): Promise<Claim[]> {
  const living: Claim[] = [];
  for (const name of await readdir(claims)) {
    const file = join(claims, name);
    if (!name.endsWith('.json') || file === own) continue;
    const claim = await readClaim(file);
    if (claim === undefined) continue;
    if (await isAlive(claim)) living.push(claim);
    else await rm(file, { force: true });
  }
  return living;
}

async function readClaim(file: string): Promise<Claim | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Claim;
  } catch (error) {
    // Its owner has let go between our two looks.
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
