import type { AdminUserDetail } from '@parley/sdk/contract';
import { http } from '../../../api/http.ts';
import type { PlainKey } from '../../../i18n/i18n.svelte.ts';

/** Something an admin can decide about somebody; each is asked about first, with room for a reason. */
export type DecisionKind = 'suspend' | 'unsuspend' | 'sign-out' | 'promote' | 'demote';

/** Barring somebody needs a reason, and so does taking it back. */
export function needsReason(kind: DecisionKind): boolean {
  return kind === 'suspend' || kind === 'unsuspend';
}

export const decisionLabels = {
  suspend: 'people.suspend',
  unsuspend: 'people.unsuspend',
  'sign-out': 'people.sign-out',
  promote: 'people.promote',
  demote: 'people.demote',
} as const satisfies Record<DecisionKind, PlainKey>;

export const doneWords = {
  suspend: 'people.suspended',
  unsuspend: 'people.unsuspended',
  'sign-out': 'people.signed-out',
  promote: 'people.promoted',
  demote: 'people.demoted',
} as const;

/** What can be decided now. Nobody decides about himself. */
export function possibleDecisions(person: AdminUserDetail, ownId: string | undefined): DecisionKind[] {
  if (person.id === ownId) return [];
  return [
    ...(person.sessions > 0 ? (['sign-out'] as const) : []),
    person.role === 'admin' ? 'demote' : 'promote',
    person.suspendedAt === null ? 'suspend' : 'unsuspend',
  ];
}

export function decide(kind: DecisionKind, id: string, typed: string): Promise<AdminUserDetail> {
  const params = { id };
  const reason = typed.trim();
  const optional = reason === '' ? {} : { reason };
  switch (kind) {
    case 'suspend':
      return http('POST /api/admin/users/:id/suspend', { params, body: { reason } });
    case 'unsuspend':
      return http('POST /api/admin/users/:id/unsuspend', { params, body: { reason } });
    case 'sign-out':
      return http('POST /api/admin/users/:id/sign-out', { params, body: optional });
    case 'promote':
      return http('PUT /api/admin/users/:id/role', { params, body: { ...optional, role: 'admin' } });
    case 'demote':
      return http('PUT /api/admin/users/:id/role', { params, body: { ...optional, role: 'user' } });
  }
}
