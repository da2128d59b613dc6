import type { errors as englishErrors, fields as englishFields } from './errors.en.ts';
import type { Translated } from './types.ts';

export const errors: Translated<typeof englishErrors> = {
  network: '无法连接到 Parley。请检查网络后重试。',
  'unexpected-answer': '服务器的回应无法识别，请稍后重试。',
  internal: '服务器出了点问题，已记录下来，请稍后重试。',
  unknown: '操作未成功，请稍后重试。',
  'retry-in': '请在 {seconds} 秒后重试。',
};

export const fields: Translated<typeof englishFields> = {
  required: '此项必填。',
  'too-short': '至少需要 {count} 个字符。',
  'too-long': '最多 {count} 个字符。',
  'too-small': '最小值为 {limit}。',
  'too-large': '最大值为 {limit}。',
  'not-number': '请输入数字。',
  'not-whole': '请输入整数。',
  'not-email': '这不像是一个电子邮箱地址。',
  'not-uri': '这不像是一个网址，应以 https:// 或 http:// 开头。',
  'not-choice': '请从给出的选项中选择。',
  'wrong-form': '格式不正确。',
  'too-few': '至少需要 {count} 项。',
  'too-many': '最多 {count} 项。',
};
