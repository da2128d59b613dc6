import { join } from 'node:path';
import { runToEnd } from '../bootstrap/processes.mjs';
import { root } from './root.ts';
import { isUpToDate } from './stage.ts';
import { pluginStages, webStage } from './stages.ts';

/**
 * Builds what is not up to date in a process of its own: the builders take memory a server would keep for nothing, and
 * signals that are meant for us.
 */
export async function ensureBuilt(): Promise<void> {
  const stages = [webStage, ...(await pluginStages())];
  const upToDate = await Promise.all(stages.map((stage) => isUpToDate(stage)));
  if (upToDate.every(Boolean)) return;
  const code = await runToEnd(process.execPath, [join(root, 'scripts', 'tasks.ts'), 'build'], { cwd: root });
  if (code !== 0) throw new Error('the web app or a plugin could not be built; the message is above.');
}
