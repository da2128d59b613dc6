import { createRouter } from 'sv-router';
import { session } from '../api/session.svelte.ts';
import { loadAllWords } from '../i18n/i18n.svelte.ts';
import { navigation } from '../shell/navigation.svelte.ts';
import { focusHeading } from '../shell/route-focus.ts';
import AppLayout from './AppLayout.svelte';
import ChatRoute from './ChatRoute.svelte';
import { lastChatPath } from './last-chat.ts';

/**
 * Every screen but the chat is a chunk of its own. Each import stays on one line: the router knows lazy routes by that
 * shape. It also takes its own keys `hooks` and `layout` for addresses; the two lines at the top catch those.
 */
const api = createRouter({
  hooks: {
    beforeLoad: ({ pathname }) => prepare(pathname),
    afterLoad: ({ pathname, state }) => arrived(pathname, state),
  },
  '/sign-in': () => import('./SignInRoute.svelte'),
  '/sign-up': () => import('./SignUpRoute.svelte'),
  '/join/:token': () => import('./JoinRoute.svelte'),
  '/setup': () => import('./SetupRoute.svelte'),
  '/': {
    '/hooks': () => import('./NotFoundRoute.svelte'),
    '/layout': () => import('./NotFoundRoute.svelte'),
    layout: AppLayout,
    hooks: { beforeLoad: ({ pathname, search }) => enter(pathname, search) },
    '/': ChatRoute,
    '/chat/new': ChatRoute,
    '/chat/:id': ChatRoute,
    '/usage': () => import('./UsageRoute.svelte'),
    '/settings/:section': () => import('./SettingsRoute.svelte'),
    '/admin/credits': () => import('./AdminCreditsRoute.svelte'),
    '/admin/tiers': () => import('./AdminTiersRoute.svelte'),
    '/admin/:section': () => import('./AdminRoute.svelte'),
    '*': () => import('./NotFoundRoute.svelte'),
  },
});

navigation.bind(async (path, { replace, search, keepFocus }) => {
  await api.navigate(path as '/', { replace, search, state: { keepFocus: keepFocus === true } });
}, api.route);

const doors = ['/sign-in', '/sign-up'];
const redirects: Record<string, string> = { '/settings': '/settings/profile', '/admin': '/admin/overview' };

/** The chat must not wait for the words of the other screens. */
async function prepare(pathname: string): Promise<void> {
  // Whoever is in already has no use for the door.
  if (session.state === 'signed-in' && doors.includes(pathname)) throw await api.navigate('/', { replace: true });
  if (pathname !== '/' && !pathname.startsWith('/chat')) await loadAllWords();
}

/** Only members come in, and bare addresses lead somewhere. */
async function enter(pathname: string, search: Record<string, string | number | boolean>): Promise<void> {
  if (session.user === null) {
    const query = new URLSearchParams(Object.entries(search).map(([key, value]) => [key, String(value)])).toString();
    const next = query === '' ? pathname : `${pathname}?${query}`;
    throw await api.navigate('/sign-in', { replace: true, search: next === '/' ? {} : { next } });
  }
  const target = pathname === '/' ? lastChatPath() : redirects[pathname.replace(/\/$/, '')];
  if (target !== undefined) throw await api.navigate(target as '/', { replace: true });
}

function arrived(pathname: string, state: unknown): void {
  navigation.arrivedAt(pathname);
  const keeps = typeof state === 'object' && state !== null && 'keepFocus' in state && state.keepFocus === true;
  if (!keeps) void focusHeading();
}
