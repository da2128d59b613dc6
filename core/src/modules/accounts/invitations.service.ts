import type { EntityManager } from '@mikro-orm/postgresql';
import { hashToken, newSecretToken } from '../../lib/secret-token.ts';
import { uuidV7 } from '../../lib/uuid-v7.ts';
import type { Database } from '../../ports/database/database.ts';
import type { Audit, AuditRecord } from '../audit/index.ts';
import { InvitationInvalid, InvitationNotFound } from './accounts.errors.ts';
import { Invitation } from './invitation.entity.ts';

const DAY_MS = 24 * 3_600_000;

export class InvitationsService {
  readonly #database: Database;
  readonly #audit: Audit;
  readonly #baseUrl: () => string;

  constructor(deps: { database: Database; audit: Audit; baseUrl: () => string }) {
    this.#database = deps.database;
    this.#audit = deps.audit;
    this.#baseUrl = deps.baseUrl;
  }

  /** The link holds the token and is shown this once. */
  async create(request: { note: string; days: number }, by: string): Promise<{ invitation: Invitation; link: string }> {
    const token = newSecretToken();
    const em = this.#database.em();
    const invitation = em.create(Invitation, {
      id: uuidV7(),
      note: request.note,
      tokenHash: hashToken(token),
      expiresAt: new Date(Date.now() + request.days * DAY_MS),
    });
    this.#audit.add(em, entry('invitation.created', invitation, by));
    await em.flush();
    return { invitation, link: `${this.#baseUrl()}/join/${token}` };
  }

  /** Newest first; `after` is the id the page before ended with. */
  async list(page: { after: string | null; limit: number }): Promise<Invitation[]> {
    const where = page.after === null ? {} : { id: { $lt: page.after } };
    return this.#database.em().find(Invitation, where, { orderBy: { id: 'desc' }, limit: page.limit });
  }

  /** Why one is not open stays untold: it is nobody's business but the admins'. */
  async isOpen(token: string): Promise<boolean> {
    return isOpen(this.#database.em(), token);
  }

  async withdraw(id: string, by: string): Promise<void> {
    await this.#database.em().transactional(async (tx) => {
      const invitation = await tx.findOne(Invitation, { id });
      if (invitation === null) throw InvitationNotFound();
      tx.remove(invitation);
      this.#audit.add(tx, entry('invitation.withdrawn', invitation, by));
    });
  }
}

function entry(action: string, { id, note, expiresAt }: Invitation, by: string): AuditRecord {
  const data = { name: note, expiresAt: expiresAt.toISOString() };
  return { actorId: by, action, targetType: 'invitation', targetId: id, data };
}

/** Takes the invitation inside the newcomer's transaction: if the account fails, the invitation stays good. */
export async function takeInvitation(tx: EntityManager, token: string, userId: string): Promise<void> {
  const taken = await tx.execute(
    `update invitations set used_at = now(), used_by_id = ?
      where token_hash = ? and used_at is null and expires_at > now() returning id`,
    [userId, hashToken(token)],
  );
  if (taken.length === 0) throw invalid();
}

/** A cheap look before the costly hash; the taking itself is what counts. */
export async function expectInvitation(em: EntityManager, token: string): Promise<void> {
  if (!(await isOpen(em, token))) throw invalid();
}

async function isOpen(em: EntityManager, token: string): Promise<boolean> {
  const open = { tokenHash: hashToken(token), usedAt: null, expiresAt: { $gt: new Date() } };
  return (await em.count(Invitation, open)) > 0;
}

function invalid() {
  const problem = { path: 'invitation', code: 'invalid', message: 'is unknown, used or has run out' };
  return InvitationInvalid(undefined, { errors: [problem] });
}
