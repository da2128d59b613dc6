import type { EntityClass, EntitySchema } from '@mikro-orm/core';

/** Every entity of every module; the ORM checks migrations against them. */
export const entities: (EntitySchema | EntityClass<Partial<unknown>>)[] = [];
