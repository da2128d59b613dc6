import { defineEntity, p } from '@mikro-orm/core';
import type { Role } from '../../config/config.ts';

/** A process that is alive, as it said itself a moment ago. */
const InstanceBeatSchema = defineEntity({
  name: 'InstanceBeat',
  tableName: 'instance_beat',
  properties: {
    instanceId: p.uuid().primary(),
    role: p.string().length(20).$type<Role>(),
    version: p.string().length(40),
    host: p.string().length(253),
    startedAt: p.datetime(3),
    seenAt: p.datetime(3).defaultRaw('now()'),
    sockets: p.integer(),
    /** The last eight bytes of each user with a socket there, one behind the other; they are random, so none are alike. */
    users: p.blob(),
    degraded: p.boolean(),
  },
});
export class InstanceBeat extends InstanceBeatSchema.class {}
InstanceBeatSchema.setClass(InstanceBeat);
