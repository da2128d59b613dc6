import type { EntityClass, EntitySchema } from '@mikro-orm/core';
import { ApiKey } from '../../modules/accounts/api-key.entity.ts';
import { Invitation } from '../../modules/accounts/invitation.entity.ts';
import { Session } from '../../modules/accounts/session.entity.ts';
import { SetupToken } from '../../modules/accounts/setup-token.entity.ts';
import { Tier } from '../../modules/accounts/tier.entity.ts';
import { User } from '../../modules/accounts/user.entity.ts';
import { ActivitySample } from '../../modules/admin/activity-sample.entity.ts';
import { InstanceBeat } from '../../modules/admin/instance-beat.entity.ts';
import { AuditEntry } from '../../modules/audit/audit-entry.entity.ts';
import { Turn } from '../../modules/chat/turn.entity.ts';
import { Conversation } from '../../modules/conversations/conversation.entity.ts';
import { Message } from '../../modules/conversations/message.entity.ts';
import { LimitOverride } from '../../modules/limits/limit-override.entity.ts';
import { UsageDay } from '../../modules/limits/usage-day.entity.ts';
import { BooksCheck } from '../../modules/credits/books-check.entity.ts';
import { CreditAccount } from '../../modules/credits/credit-account.entity.ts';
import { CreditCode, CreditRedemption } from '../../modules/credits/credit-code.entity.ts';
import { CreditHold } from '../../modules/credits/credit-hold.entity.ts';
import { CreditTransfer } from '../../modules/credits/credit-transfer.entity.ts';
import { ModelPrice } from '../../modules/credits/model-price.entity.ts';
import { HookOrder, Plugin, PluginStorage } from '../../modules/plugins/plugin.entity.ts';
import { ProviderConnection, ProviderModel } from '../../modules/providers/provider.entity.ts';
import { Setting } from '../../modules/settings/setting.entity.ts';

/** Every entity of every module; the ORM checks migrations against them. */
export const entities: (EntitySchema | EntityClass<Partial<unknown>>)[] = [
  Tier,
  User,
  Session,
  ApiKey,
  Invitation,
  SetupToken,
  Setting,
  AuditEntry,
  ActivitySample,
  InstanceBeat,
  Plugin,
  PluginStorage,
  HookOrder,
  ProviderConnection,
  ProviderModel,
  Conversation,
  Message,
  Turn,
  LimitOverride,
  UsageDay,
  CreditAccount,
  CreditTransfer,
  CreditHold,
  ModelPrice,
  CreditCode,
  CreditRedemption,
  BooksCheck,
];
