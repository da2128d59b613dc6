import { t } from './i18n/i18n.svelte.ts';
import { toasts } from './ui/toasts.svelte.ts';

const storageKey = 'parley.reloaded-at';
const patienceMs = 20_000;
/** A server that needs longer for the page would not give it to a reload either. */
const answerMs = 10_000;

/** What the browser does; tests play it. */
interface Browser {
  fetch: typeof fetch;
  reload: () => void;
}
const thisBrowser: Browser = { fetch: (...request) => fetch(...request), reload: () => location.reload() };

/**
 * After an update the server no longer has the old chunks; a reload fetches the new page. Once in a while only, or it would never end.
 * Chunks are lost without a network or a server too: there a reload would put the browser's error page in place of all that is typed.
 */
export function reloadOnLostChunk(browser = thisBrowser): void {
  let asking: Promise<void> | null = null;
  // The default stays: whoever needed the chunk hears that it failed, as the page may not be reloaded.
  addEventListener('vite:preloadError', () => {
    asking ??= reloadOrSay(browser).finally(() => (asking = null));
  });
}

async function reloadOrSay(browser: Browser): Promise<void> {
  if (!(await hasPage(browser))) return void toasts.show({ text: t('errors.network'), tone: 'danger' });
  const last = Number(sessionStorage.getItem(storageKey) ?? 0);
  if (Date.now() - last < patienceMs) return void toasts.show({ text: t('ui.error-title'), tone: 'danger' });
  sessionStorage.setItem(storageKey, String(Date.now()));
  browser.reload();
}

async function hasPage({ fetch }: Browser): Promise<boolean> {
  try {
    const { status } = await fetch('/', { cache: 'no-store', signal: AbortSignal.timeout(answerMs) });
    return status === 200;
  } catch {
    return false;
  }
}
