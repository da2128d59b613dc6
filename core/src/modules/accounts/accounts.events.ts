import '../../events/event-bus.ts';

declare module '../../events/event-bus.ts' {
  interface DomainEvents {
    /** Nickname, language, time zone or anything else a person can set. */
    'account.profile-changed': { userId: string };
    /** Here only: somebody has joined. */
    'account.created': { userId: string };
    /** Here only: sessions and sockets have ended, what runs for this person is to end. */
    'account.suspended': { userId: string };
  }
}
