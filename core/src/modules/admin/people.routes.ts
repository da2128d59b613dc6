import { type ApiRoute, apiRoute } from '../../http/api-route.ts';
import { cursorId, idPage } from '../../http/id-page.ts';
import type { AccountsModule } from '../accounts/index.ts';
import { presentPerson, presentPersonDetail } from './people.presenter.ts';

/** What the people of this installation are to its admins. What other modules know of somebody is added here. */
export function peopleRoutes({ accounts }: { accounts: AccountsModule }): ApiRoute[] {
  const { directory, standing } = accounts;
  const present = async (id: string) => presentPersonDetail(await directory.get(id));

  return [
    apiRoute('GET /api/admin/users', {}, async ({ query: { cursor, limit, ...filter } }) => {
      const found = await directory.search(filter, { before: cursorId(cursor), limit: limit + 1 });
      return idPage(found, limit, presentPerson);
    }),
    apiRoute('GET /api/admin/users/:id', {}, ({ params }) => present(params.id)),
    apiRoute('POST /api/admin/users/:id/suspend', {}, async ({ params, body, caller }) => {
      await standing.suspend({ ...body, userId: params.id, by: caller.userId });
      return present(params.id);
    }),
    apiRoute('POST /api/admin/users/:id/unsuspend', {}, async ({ params, body, caller }) => {
      await standing.unsuspend({ ...body, userId: params.id, by: caller.userId });
      return present(params.id);
    }),
    apiRoute('POST /api/admin/users/:id/sign-out', {}, async ({ params, body, caller }) => {
      await standing.signOut({ ...body, userId: params.id, by: caller.userId });
      return present(params.id);
    }),
    apiRoute('PUT /api/admin/users/:id/role', {}, async ({ params, body, caller }) => {
      await standing.changeRole({ ...body, userId: params.id, by: caller.userId });
      return present(params.id);
    }),
  ];
}
