import { chat } from '../features/chat/messages.zh-CN.ts';
import { conversations } from '../features/conversations/messages.zh-CN.ts';
import { tasks } from '../features/tasks/messages.zh-CN.ts';
import { shell } from '../shell/messages.zh-CN.ts';
import { ui } from '../ui/messages.zh-CN.ts';
import { errors, fields } from './errors.zh-CN.ts';
import type { messages as english } from './messages.en.ts';
import type { TranslatedAll } from './types.ts';

export const messages: TranslatedAll<typeof english> = { ui, shell, errors, fields, chat, conversations, tasks };
