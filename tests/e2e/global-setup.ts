import { bringUpToDate } from '../../scripts/lib/stage.ts';
import { webStage } from '../../scripts/lib/stages.ts';
import startMissingServices from '../support/services/global-setup.ts';

/** Journeys see what people see: the built web app, served by the core. */
export default async function prepareJourneys(): Promise<() => Promise<void>> {
  await bringUpToDate(webStage);
  return startMissingServices();
}
