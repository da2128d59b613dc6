import type { Translated } from '../i18n/types.ts';
import type { ui as english } from './messages.en.ts';

export const ui: Translated<typeof english> = {
  close: '关闭',
  cancel: '取消',
  retry: '重试',
  undo: '撤销',
  dismiss: '知道了',
  copy: '复制',
  copied: '已复制',
  'show-password': '显示密码',
  'hide-password': '隐藏密码',
  optional: '选填',
  'error-title': '内容加载失败',
  'error-id': '错误编号 {id}',
  working: '处理中…',
  notifications: '通知',
  taller: '展开',
  shorter: '收起',
};
