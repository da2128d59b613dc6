import type { CreditCode } from '@parley/sdk/contract';

export type CodeState = 'usable' | 'spent' | 'expired' | 'revoked';

export function codeState(code: CreditCode, now = Date.now()): CodeState {
  if (code.revokedAt !== null) return 'revoked';
  if (code.uses >= code.maxUses) return 'spent';
  return code.expiresAt !== null && Date.parse(code.expiresAt) <= now ? 'expired' : 'usable';
}
