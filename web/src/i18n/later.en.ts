import { account } from '../features/account/messages.en.ts';
import { admin } from '../features/admin/messages.en.ts';
import { audit } from '../features/admin/audit/messages.en.ts';
import { overview } from '../features/admin/overview/messages.en.ts';
import { money } from '../features/admin/credits/messages.en.ts';
import { people } from '../features/admin/people/messages.en.ts';
import { tiers } from '../features/admin/tiers/messages.en.ts';
import { usage } from '../features/usage/messages.en.ts';

/** Words that come with the screens that say them, so that a chat need not wait for them. */
export const messages = { account, admin, people, audit, overview, money, tiers, usage };
