import type { Dictionary } from '../../i18n/types.ts';

export const tasks = {
  title: 'Running replies',
  open: { one: '{count} reply running', other: '{count} replies running' },
  'count-of': '{count} of {limit}',
  untitled: 'New chat',
  request: 'Request over the API',
  seconds: '{seconds} s',
  minutes: '{minutes} min {seconds} s',
  stop: 'Stop',
  'stop-in': 'Stop the reply in {title}',
  'stop-all': 'Stop all',
  stopping: 'Stopping',
} as const satisfies Dictionary;
