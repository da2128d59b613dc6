import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canReach, type ServerUser } from '../../ports/database/embedded/server-user.ts';

/** A new folder the server's user can enter too, even where the temporary folder of root is private. */
export async function makeTempFolder(user: ServerUser | undefined): Promise<string> {
  const open = user === undefined || (await canReach(tmpdir(), user));
  const folder = await mkdtemp(join(open ? tmpdir() : '/tmp', 'parley-test-'));
  await chmod(folder, 0o755);
  return folder;
}

export async function removeTempFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}
