import { t } from '../../i18n/i18n.svelte.ts';
import type { LedgerLine } from './ledger-lines.ts';

/** What a line is about. What the system gives has reasons of its own; those of people stand as they were written. */
export function lineWords(line: LedgerLine): { title: string; reason: string } {
  if (line.kind === 'reply') return { title: replyTitle(line), reason: '' };
  const reason = line.reason ?? '';
  if (line.kind === 'grant' && reason === 'sign-up') return { title: t('usage.grant-sign-up'), reason: '' };
  if (line.kind === 'grant' && reason === 'monthly') return { title: t('usage.grant-monthly'), reason: '' };
  if (line.kind === 'grant' && reason.startsWith('code: ')) return { title: t('usage.grant-code'), reason: '' };
  return { title: t(`usage.kind-${line.kind}`), reason };
}

function replyTitle(line: LedgerLine): string {
  if (line.locked > 0) return t('usage.reply-open');
  return t(line.change === 0 ? 'usage.reply-free' : 'usage.reply');
}
