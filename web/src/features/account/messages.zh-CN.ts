import type { Translated } from '../../i18n/types.ts';
import type { account as english } from './messages.en.ts';

export const account: Translated<typeof english> = {
  profile: '个人资料',
  appearance: '外观',
  chat: '对话',
  keys: 'API 密钥',
  privacy: '隐私与安全',
  shortcuts: '键盘快捷键',
};
