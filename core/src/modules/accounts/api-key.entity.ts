import { defineEntity, p } from '@mikro-orm/core';
import { baseColumns } from '../../ports/database/base-columns.ts';
import { User } from './user.entity.ts';

const ApiKeySchema = defineEntity({
  name: 'ApiKey',
  tableName: 'api_keys',
  properties: {
    ...baseColumns,
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    name: p.string().length(200),
    /** The first characters of the key, to tell keys apart. */
    prefix: p.string().length(20),
    /** SHA-256: a key is 256 random bits, so a slow hash would protect nothing. */
    keyHash: p.blob().unique().hidden(),
    scopes: p.array().$type<('chat' | 'read' | 'write')[]>(),
    lastUsedAt: p.datetime().nullable(),
  },
});
export class ApiKey extends ApiKeySchema.class {}
ApiKeySchema.setClass(ApiKey);
