import type { MigrationObject } from "@mikro-orm/core";

/** One history for all modules, oldest first. What stands here is never changed; a new change is a new file. */
export const migrations: MigrationObject[] = [];
