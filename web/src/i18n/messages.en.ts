import { chat } from '../features/chat/messages.en.ts';
import { conversations } from '../features/conversations/messages.en.ts';
import { tasks } from '../features/tasks/messages.en.ts';
import { shell } from '../shell/messages.en.ts';
import { ui } from '../ui/messages.en.ts';
import { errors, fields } from './errors.en.ts';

/** The words of the first screen; those of the others stand in `later.en.ts`. */
export const messages = { ui, shell, errors, fields, chat, conversations, tasks };
