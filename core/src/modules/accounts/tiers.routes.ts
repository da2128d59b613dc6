import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import { presentTier } from './tier.presenter.ts';
import type { TiersService } from './tiers.service.ts';

export function tierRoutes(tiers: TiersService): ApiRoute[] {
  return [
    apiRoute('GET /api/admin/tiers', {}, async () => {
      const [all, users] = await Promise.all([tiers.list(), tiers.users()]);
      return all.map((tier) => ({ ...presentTier(tier), users: users.get(tier.id) ?? 0 }));
    }),
    apiRoute('POST /api/admin/tiers', {}, async ({ body, caller }) =>
      presentTier(await tiers.create(body, caller.userId)),
    ),
    apiRoute('PATCH /api/admin/tiers/:id', {}, async ({ params, body, caller }) =>
      presentTier(await tiers.change(params.id, body, caller.userId)),
    ),
    apiRoute('DELETE /api/admin/tiers/:id', {}, async ({ params, caller }) => {
      await tiers.remove(params.id, caller.userId);
      return undefined;
    }),
    apiRoute('PUT /api/admin/users/:id/tier', {}, async ({ params, body, caller }) =>
      presentTier(await tiers.setForUser({ userId: params.id, by: caller.userId, ...body })),
    ),
  ];
}
