import { defineEntity, p } from '@mikro-orm/core';
import type { BooksReport } from '@parley/sdk/contract';

/** What the last check of the books has found, in the only row: made by one instance, shown by all. */
const BooksCheckSchema = defineEntity({
  name: 'BooksCheck',
  tableName: 'books_check',
  checks: [{ name: 'books_check_only', expression: 'id = 1' }],
  properties: {
    id: p.smallint().primary().autoincrement(false).default(1),
    report: p.json().$type<BooksReport>(),
  },
});
export class BooksCheck extends BooksCheckSchema.class {}
BooksCheckSchema.setClass(BooksCheck);
