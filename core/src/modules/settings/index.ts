import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import './settings.events.ts';
import { type SettingsDeps, SettingsService } from './settings.service.ts';

export type { SettingsService } from './settings.service.ts';

export interface SettingsModule {
  service: SettingsService;
  routes: ApiRoute[];
}

export async function createSettingsModule(deps: SettingsDeps): Promise<SettingsModule> {
  const service = new SettingsService(deps);
  await service.start();
  return {
    service,
    routes: [
      apiRoute('GET /api/admin/settings', {}, async () => service.current()),
      apiRoute('PATCH /api/admin/settings', {}, ({ body, caller }) => service.change(body, caller.userId)),
    ],
  };
}
