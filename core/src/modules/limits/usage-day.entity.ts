import { defineEntity, p } from '@mikro-orm/core';

/**
 * What somebody used on one day of his own calendar. The user is no foreign key, as with turns: it would cost admissions a
 * lock on its row.
 */
const UsageDaySchema = defineEntity({
  name: 'UsageDay',
  tableName: 'usage_day',
  properties: {
    userId: p.uuid().primary(),
    day: p.date().primary(),
    /** Public model id. */
    model: p.text().primary(),
    /** Of the provider that answers. */
    plugin: p.text().primary(),
    requests: p.integer().default(0),
    inputTokens: p.bigint('number').defaultRaw('0'),
    outputTokens: p.bigint('number').defaultRaw('0'),
    /** Micro-credits. */
    charged: p.bigint('bigint').defaultRaw('0'),
  },
});
export class UsageDay extends UsageDaySchema.class {}
UsageDaySchema.setClass(UsageDay);
