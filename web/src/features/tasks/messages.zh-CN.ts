import type { Translated } from '../../i18n/types.ts';
import type { tasks as english } from './messages.en.ts';

export const tasks: Translated<typeof english> = {
  title: '进行中的回复',
  open: { other: '{count} 个回复进行中' },
  'count-of': '{count} / {limit}',
  untitled: '新对话',
  request: '通过 API 的请求',
  seconds: '{seconds} 秒',
  minutes: '{minutes} 分 {seconds} 秒',
  stop: '停止',
  'stop-in': '停止“{title}”中的回复',
  'stop-all': '全部停止',
  stopping: '正在停止',
};
