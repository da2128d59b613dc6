import { defineEntity, p } from '@mikro-orm/core';

const SettingSchema = defineEntity({
  name: 'Setting',
  tableName: 'settings',
  properties: {
    key: p.string().length(100).primary(),
    value: p.json().$type<unknown>(),
    updatedAt: p.datetime().defaultRaw('now()'),
  },
});
export class Setting extends SettingSchema.class {}
SettingSchema.setClass(Setting);
