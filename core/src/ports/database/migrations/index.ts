import type { MigrationObject } from '@mikro-orm/core';
import { Accounts } from './2026-11-21-accounts.ts';
import { ActivityCredits20261121 } from './2026-11-21-activity-credits.ts';
import { Audit20261121 } from './2026-11-21-audit.ts';
import { ConnectionTests20261121 } from './2026-11-21-connection-tests.ts';
import { ConversationOwners20261121 } from './2026-11-21-conversation-owners.ts';
import { Conversations20261121 } from './2026-11-21-conversations.ts';
import { Instances20261121 } from './2026-11-21-instances.ts';
import { Credits20261121 } from './2026-11-21-credits.ts';
import { BooksCheck20261122 } from './2026-11-22-books-check.ts';
import { ConversationRevisions20261122 } from './2026-11-22-conversation-revisions.ts';
import { LightCompression20261122 } from './2026-11-22-light-compression.ts';
import { SearchInPortions20261122 } from './2026-11-22-search-in-portions.ts';
import { PluginsAndProviders20261121 } from './2026-11-21-plugins-and-providers.ts';
import { Tiers20261121 } from './2026-11-21-tiers.ts';
import { Suspension20261121 } from './2026-11-21-suspension.ts';
import { Turns20261121 } from './2026-11-21-turns.ts';

/** One history for all modules, oldest first. What stands here is never changed; a new change is a new file. */
export const migrations: MigrationObject[] = [
  { name: '2026-11-21-accounts', class: Accounts },
  { name: '2026-11-21-plugins-and-providers', class: PluginsAndProviders20261121 },
  { name: '2026-11-21-conversations', class: Conversations20261121 },
  { name: '2026-11-21-turns', class: Turns20261121 },
  { name: '2026-11-21-connection-tests', class: ConnectionTests20261121 },
  { name: '2026-11-21-conversation-owners', class: ConversationOwners20261121 },
  { name: '2026-11-21-audit', class: Audit20261121 },
  { name: '2026-11-21-tiers', class: Tiers20261121 },
  { name: '2026-11-21-suspension', class: Suspension20261121 },
  { name: '2026-11-21-instances', class: Instances20261121 },
  { name: '2026-11-21-credits', class: Credits20261121 },
  { name: '2026-11-21-activity-credits', class: ActivityCredits20261121 },
  { name: '2026-11-22-light-compression', class: LightCompression20261122 },
  { name: '2026-11-22-books-check', class: BooksCheck20261122 },
  { name: '2026-11-22-search-in-portions', class: SearchInPortions20261122 },
  { name: '2026-11-22-conversation-revisions', class: ConversationRevisions20261122 },
];
