/** At most so many in any stretch of so many seconds. */
export interface Limit {
  points: number;
  seconds: number;
}

/** How often one user (one address, where nobody is signed in) may do a thing. */
export const defaultLimits = {
  /** Everything without a limit of its own. */
  general: { points: 300, seconds: 60 },
  'auth.sign-in': { points: 10, seconds: 60 },
  'auth.sign-up': { points: 10, seconds: 60 },
  /** Asked when the page of a link opens; what it could tell by guessing, 256 random bits keep. */
  'auth.invitation': { points: 30, seconds: 60 },
  'auth.setup': { points: 10, seconds: 60 },
  /** Changing a password asks for the current one, so it can be guessed at. */
  'account.password': { points: 10, seconds: 60 },
  'account.keys': { points: 30, seconds: 60 },
  /** Keys that do not exist, by address: guessing one must not be free, mistyping one must not lock anybody out. */
  'auth.failed': { points: 60, seconds: 60 },
  'chat.send': { points: 30, seconds: 60 },
  'chat.regenerate': { points: 20, seconds: 60 },
  /** The costliest reading there is; typing fast in the search box stays below. */
  'conversations.search': { points: 60, seconds: 60 },
  /** Each asks somebody else's server. */
  'provider.test': { points: 30, seconds: 60 },
  /** Guessing at codes; 77 random bits keep them anyway. */
  /** By the payment provider's address, which is one for many buyers. */
  'payments.webhook': { points: 600, seconds: 60 },
  'credits.redeem': { points: 10, seconds: 60 },
  /** Asked at each pause of typing. */
  'chat.estimate': { points: 120, seconds: 60 },
  'socket.connect': { points: 120, seconds: 60 },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof defaultLimits;
export type LimitTable = Record<LimitName, Limit>;

export function isLimitName(name: string): name is LimitName {
  return Object.hasOwn(defaultLimits, name);
}
