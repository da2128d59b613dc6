import { accountRoutes } from './accounts.ts';
import { adminRoutes } from './admin.ts';
import { adminCacheRoutes } from './admin-caches.ts';
import { adminOverviewRoutes } from './admin-overview.ts';
import { adminUserRoutes } from './admin-users.ts';
import { auditRoutes } from './audit.ts';
import { chatRoutes, conversationRoutes } from './conversations.ts';
import { limitRoutes } from './limits.ts';
import { creditRoutes } from './credits.ts';
import { modelRoutes } from './models.ts';
import { pluginRoutes } from './plugins.ts';

export * from './accounts.ts';
export * from './admin.ts';
export * from './admin-caches.ts';
export * from './admin-overview.ts';
export * from './admin-users.ts';
export * from './audit.ts';
export * from './common.ts';
export * from './conversations.ts';
export * from './credits.ts';
export * from './errors.ts';
export * from './limits.ts';
export * from './models.ts';
export * from './plugin-manifest.ts';
export * from './plugins.ts';
export * from './receipts.ts';
export * from './routes.ts';
export * from './socket-events.ts';
export * from './turn-events.ts';

/** Every REST route, by its name. */
export const routes = {
  ...accountRoutes,
  ...modelRoutes,
  ...conversationRoutes,
  ...chatRoutes,
  ...limitRoutes,
  ...creditRoutes,
  ...pluginRoutes,
  ...adminRoutes,
  ...adminUserRoutes,
  ...adminOverviewRoutes,
  ...adminCacheRoutes,
  ...auditRoutes,
};
export type Routes = typeof routes;
