import { p } from '@mikro-orm/core';
import { uuidV7 } from '../../lib/uuid-v7.ts';

/** What every row that is known by an id has. Ids sort by time, so "newest first" needs no other index. */
export const baseColumns = {
  id: p
    .uuid()
    .primary()
    .onCreate(() => uuidV7()),
  createdAt: p.datetime().defaultRaw('now()'),
};
