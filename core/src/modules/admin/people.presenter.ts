import type { AdminUser, AdminUserDetail } from '@parley/sdk/contract';
import { isoTime, isoTimeOrNull } from '../../lib/iso-time.ts';
import type { DirectoryDetail, DirectoryEntry } from '../accounts/index.ts';

export function presentPerson(entry: DirectoryEntry): AdminUser {
  return {
    id: entry.id,
    email: entry.email,
    nickname: entry.nickname,
    role: entry.role,
    tier: { id: entry.tierId, name: entry.tierName },
    createdAt: isoTime(entry.createdAt),
    lastSeenAt: isoTimeOrNull(entry.lastSeenAt),
    suspendedAt: isoTimeOrNull(entry.suspendedAt),
  };
}

export function presentPersonDetail(entry: DirectoryDetail): AdminUserDetail {
  return {
    ...presentPerson(entry),
    language: entry.language,
    timeZone: entry.timeZone,
    suspensionReason: entry.suspensionReason,
    sessions: entry.sessions,
    apiKeys: entry.apiKeys,
  };
}
