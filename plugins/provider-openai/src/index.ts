import { definePlugin } from '@parley/sdk/plugin';
import { chat } from './chat.ts';
import { listModels } from './models.ts';

export default definePlugin({ providers: { openai: { chat, listModels } } });
