import { account } from '../features/account/messages.zh-CN.ts';
import { admin } from '../features/admin/messages.zh-CN.ts';
import { audit } from '../features/admin/audit/messages.zh-CN.ts';
import { overview } from '../features/admin/overview/messages.zh-CN.ts';
import { money } from '../features/admin/credits/messages.zh-CN.ts';
import { people } from '../features/admin/people/messages.zh-CN.ts';
import { tiers } from '../features/admin/tiers/messages.zh-CN.ts';
import { usage } from '../features/usage/messages.zh-CN.ts';
import type { messages as english } from './later.en.ts';
import type { TranslatedAll } from './types.ts';

export const messages: TranslatedAll<typeof english> = { account, admin, people, audit, overview, money, tiers, usage };
