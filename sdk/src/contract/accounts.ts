import { z } from 'zod';
import { characters, Id, IdParams, Language, line, page, PageQuery, Timestamp } from './common.ts';
import { defineRoutes } from './routes.ts';

export const Role = z.enum(['user', 'admin']);
export const Theme = z.enum(['system', 'light', 'dark', 'high-contrast']);
export const Email = z
  .string()
  .max(254)
  .transform((value) => value.trim().toLowerCase())
  .pipe(z.email());
/** As typed on any keyboard: the same character can arrive in two Unicode forms. */
const TypedPassword = z
  .string()
  .min(1)
  .max(800)
  .refine((value) => value.isWellFormed(), { message: "contains characters that can't be typed" })
  .transform((value) => value.normalize('NFC'));
/** Length in characters, not composition rules (NIST SP 800-63B). */
export const Password = TypedPassword.pipe(characters(200, 10));
export const Nickname = line(40);
export const TimeZone = z.string().max(60).refine(isTimeZone, { message: 'is not a known time zone' });

function isTimeZone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** How the screen behaves for this person. */
export const Preferences = z.object({
  sendKey: z.enum(['enter', 'mod-enter']),
  /** Pixels of chat text. */
  chatSize: z.int().min(14).max(20),
  announcements: z.enum(['off', 'finished', 'live']),
  /** Single letters act while the message log has the focus. */
  singleKeys: z.boolean(),
  smoothReveal: z.boolean(),
});
export type Preferences = z.infer<typeof Preferences>;
export const defaultPreferences: Preferences = {
  sendKey: 'enter',
  chatSize: 16,
  announcements: 'finished',
  singleKeys: true,
  smoothReveal: false,
};

export const User = z.object({
  id: Id,
  email: z.string(),
  nickname: z.string(),
  role: Role,
  language: Language,
  theme: Theme,
  timeZone: z.string(),
  preferences: Preferences,
  createdAt: Timestamp,
});
export type User = z.infer<typeof User>;

export const SignUpPolicy = z.enum(['open', 'invitation', 'closed']);
export const AuthPolicy = z.object({
  signUp: SignUpPolicy,
  setupNeeded: z.boolean(),
  instanceName: z.string(),
});
export type AuthPolicy = z.infer<typeof AuthPolicy>;

const Newcomer = z.object({
  email: Email,
  password: Password,
  nickname: Nickname,
  language: Language.default('en'),
  timeZone: TimeZone.default('UTC'),
});
export const SetupRequest = Newcomer.extend({ token: z.string().min(1).max(200) });
export const SignUpRequest = Newcomer.extend({ invitation: z.string().max(200).optional() });
export const InvitationCheck = z.object({ invitation: z.string().max(200) });
export const SignInRequest = z.object({ email: Email, password: TypedPassword });
export const ProfileChange = z
  .object({
    nickname: Nickname,
    language: Language,
    theme: Theme,
    timeZone: TimeZone,
    preferences: Preferences.partial(),
  })
  .partial();
export const PasswordChange = z.object({ current: TypedPassword, next: Password });

export const Session = z.object({
  id: Id,
  /** Such as "Firefox on Linux". */
  device: z.string(),
  address: z.string(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp,
  current: z.boolean(),
});
export type Session = z.infer<typeof Session>;

/** `chat`: completions and turns. `read`: read conversations. `write`: change conversations. No key reaches admin routes. */
export const ApiKeyScope = z.enum(['chat', 'read', 'write']);
export const ApiKey = z.object({
  id: Id,
  name: z.string(),
  /** The first characters, to tell keys apart. */
  prefix: z.string(),
  scopes: z.array(ApiKeyScope),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;
export const ApiKeyRequest = z.object({
  name: line(60),
  scopes: z.array(ApiKeyScope).min(1).default(['chat']),
});
/** `key` is shown this once. */
export const NewApiKey = ApiKey.extend({ key: z.string() });

export const Invitation = z.object({
  id: Id,
  note: z.string(),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  usedAt: Timestamp.nullable(),
});
export type Invitation = z.infer<typeof Invitation>;
export const InvitationRequest = z.object({
  note: line(120, 0).default(''),
  days: z.int().min(1).max(90).default(7),
});

export const accountRoutes = defineRoutes({
  'GET /api/auth/policy': { summary: 'How one may join', access: 'public', response: AuthPolicy },
  'POST /api/auth/setup': {
    summary: 'Make the first admin with the one-time link',
    access: 'public',
    body: SetupRequest,
    response: User,
    status: 201,
  },
  'POST /api/auth/sign-up': {
    summary: 'Make an account',
    access: 'public',
    body: SignUpRequest,
    response: User,
    status: 201,
  },
  'POST /api/auth/invitation': {
    summary: 'Whether an invitation still lets somebody in',
    access: 'public',
    body: InvitationCheck,
    response: z.object({ valid: z.boolean() }),
  },
  'POST /api/auth/sign-in': { summary: 'Sign in', access: 'public', body: SignInRequest, response: User },
  'POST /api/auth/sign-out': { summary: 'End this session', access: 'user' },
  'POST /api/auth/sign-out-everywhere': { summary: 'End all sessions', access: 'user' },
  'GET /api/me': { summary: 'Who am I', access: 'user', response: User },
  'PATCH /api/me': { summary: 'Change profile and preferences', access: 'user', body: ProfileChange, response: User },
  'POST /api/me/password': { summary: 'Change the password; other sessions end', access: 'user', body: PasswordChange },
  'GET /api/me/sessions': { summary: 'Sessions with device and last use', access: 'user', response: z.array(Session) },
  'DELETE /api/me/sessions/:id': { summary: 'End one session', access: 'user', params: IdParams },
  'GET /api/me/api-keys': { summary: 'API keys', access: 'user', response: z.array(ApiKey) },
  'POST /api/me/api-keys': {
    summary: 'Make an API key; it is shown once',
    access: 'user',
    body: ApiKeyRequest,
    response: NewApiKey,
    status: 201,
  },
  'DELETE /api/me/api-keys/:id': { summary: 'Revoke an API key', access: 'user', params: IdParams },
  'GET /api/admin/invitations': {
    summary: 'Invitations',
    access: 'admin',
    query: PageQuery,
    response: page(Invitation),
  },
  'POST /api/admin/invitations': {
    summary: 'Invite somebody; the link is shown once',
    access: 'admin',
    body: InvitationRequest,
    response: Invitation.extend({ link: z.string() }),
    status: 201,
  },
  'DELETE /api/admin/invitations/:id': { summary: 'Withdraw an invitation', access: 'admin', params: IdParams },
});
