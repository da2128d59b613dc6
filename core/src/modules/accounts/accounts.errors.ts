import { defineError } from '../../lib/app-error.ts';

export const WrongCredentials = defineError(
  'auth.wrong-credentials',
  401,
  () => 'The address or the password is wrong.',
);
export const TooManyAttempts = defineError(
  'auth.too-many-attempts',
  429,
  (d: { seconds: number }) => `Too many failed attempts for this address. Try again in ${d.seconds} seconds.`,
);
export const EmailTaken = defineError(
  'account.email-taken',
  409,
  () => 'There is an account with this address already.',
);
export const SignUpClosed = defineError('auth.sign-up-closed', 403, () => 'This installation takes no new accounts.');
export const InvitationNeeded = defineError('auth.invitation-needed', 403, () => 'An invitation is needed to join.');
export const InvitationInvalid = defineError(
  'auth.invitation-invalid',
  403,
  () => 'This invitation is unknown, was used already or has run out.',
);
export const SetupNeeded = defineError('auth.setup-needed', 409, () => 'The first admin has not been made yet.');
export const SetupDone = defineError('auth.setup-done', 409, () => 'The first admin exists already.');
export const SetupTokenInvalid = defineError(
  'auth.setup-token-invalid',
  403,
  () => 'This setup link is not the right one.',
);
export const WrongPassword = defineError('account.wrong-password', 422, () => 'The current password is wrong.');
export const SessionNotFound = defineError('session.not-found', 404, () => 'There is no such session.');
export const ApiKeyNotFound = defineError('api-key.not-found', 404, () => 'There is no such API key.');
export const InvitationNotFound = defineError('invitation.not-found', 404, () => 'There is no such invitation.');
export const TooManyKeys = defineError(
  'api-key.too-many',
  409,
  (d: { limit: number }) => `At most ${d.limit} API keys.`,
);
export const UserNotFound = defineError('user.not-found', 404, () => 'There is no such user.');
export const TierNotFound = defineError('tier.not-found', 404, () => 'There is no such tier.');
export const AccountSuspended = defineError(
  'account.suspended',
  403,
  () => 'This account is suspended. Ask whoever runs this installation.',
);
export const AlreadySuspended = defineError('user.already-suspended', 409, () => 'This person is suspended already.');
export const NotSuspended = defineError('user.not-suspended', 409, () => 'This person is not suspended.');
export const LastAdmin = defineError(
  'user.last-admin',
  409,
  () => 'This is the only admin who is not suspended. Make somebody else an admin first.',
);
export const TierExists = defineError(
  'tier.exists',
  409,
  (d: { id: string }) => `There is a tier called "${d.id}" already.`,
);
export const TierIsDefault = defineError(
  'tier.is-default',
  409,
  () => 'Newcomers get this tier. Make another one the default first.',
);
export const TierInUse = defineError('tier.in-use', 409, () => 'There are people in this tier. Move them first.');
