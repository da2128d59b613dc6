import { account } from '../features/account/messages.en.ts';
import { admin } from '../features/admin/messages.en.ts';
import { chat } from '../features/chat/messages.en.ts';
import { conversations } from '../features/conversations/messages.en.ts';
import { shell } from '../shell/messages.en.ts';
import { ui } from '../ui/messages.en.ts';
import { errors, fields } from './errors.en.ts';

export const messages = { ui, shell, errors, fields, account, admin, chat, conversations };
