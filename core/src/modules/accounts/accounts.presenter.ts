import {
  defaultPreferences,
  type ApiKey as ApiKeyShape,
  type Invitation as InvitationShape,
  type Session as SessionShape,
  type User as UserShape,
} from '@parley/sdk/contract';
import type { ApiKey } from './api-key.entity.ts';
import type { Invitation } from './invitation.entity.ts';
import type { Session } from './session.entity.ts';
import type { User } from './user.entity.ts';

export function presentUser(user: User): UserShape {
  return {
    id: user.id,
    email: user.email,
    nickname: user.nickname,
    role: user.role,
    language: user.language,
    theme: user.theme,
    timeZone: user.timeZone,
    preferences: { ...defaultPreferences, ...user.preferences },
    createdAt: user.createdAt.toISOString(),
  };
}

export function presentSession(session: Session, currentId: string | undefined): SessionShape {
  return {
    id: session.id,
    device: session.device,
    address: session.address,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.lastUsedAt.toISOString(),
    current: session.id === currentId,
  };
}

export function presentApiKey(key: ApiKey): ApiKeyShape {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    createdAt: key.createdAt.toISOString(),
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  };
}

export function presentInvitation(invitation: Invitation): InvitationShape {
  return {
    id: invitation.id,
    note: invitation.note,
    createdAt: invitation.createdAt.toISOString(),
    expiresAt: invitation.expiresAt.toISOString(),
    usedAt: invitation.usedAt?.toISOString() ?? null,
  };
}
