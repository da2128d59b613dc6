import { defineEntity, p } from '@mikro-orm/core';
import { baseColumns } from '../../ports/database/base-columns.ts';

const SetupTokenSchema = defineEntity({
  name: 'SetupToken',
  tableName: 'setup_tokens',
  properties: {
    ...baseColumns,
    /** One row for each start without a user; all of them go when the first admin is made. */
    tokenHash: p.blob().unique().hidden(),
  },
});
export class SetupToken extends SetupTokenSchema.class {}
SetupTokenSchema.setClass(SetupToken);
