import { bringUpToDate } from '../lib/stage.ts';
import { pluginStages, webStage } from '../lib/stages.ts';

/** Brings the web app and the plugins' bundles up to date. */
export async function run(): Promise<number> {
  for (const stage of [webStage, ...(await pluginStages())]) await bringUpToDate(stage);
  return 0;
}
