import type { ApiRoute } from '../../http/api-route.ts';
import type { AccountsModule } from '../accounts/index.ts';
import { peopleRoutes } from './people.routes.ts';

export interface AdminDeps {
  accounts: AccountsModule;
}

export interface AdminModule {
  routes: ApiRoute[];
}

export function createAdminModule(deps: AdminDeps): AdminModule {
  return { routes: peopleRoutes(deps) };
}
