import type { Translated } from '../../i18n/types.ts';
import type { admin as english } from './messages.en.ts';

export const admin: Translated<typeof english> = {
  providers: '模型与服务商',
  plugins: '插件',
  hooks: '钩子顺序',
  invitations: '邀请',
  system: '系统',
};
