import type { MigrationObject } from '@mikro-orm/core';
import { Accounts } from './2026-11-21-accounts.ts';

/** One history for all modules, oldest first. What stands here is never changed; a new change is a new file. */
export const migrations: MigrationObject[] = [{ name: '2026-11-21-accounts', class: Accounts }];
