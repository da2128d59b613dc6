const storageKey = 'parley.reloaded-at';
const patienceMs = 20_000;

/** After an update the server no longer has the old chunks; a reload fetches the new page. Once in a while only, or it would never end. */
export function reloadOnLostChunk(): void {
  addEventListener('vite:preloadError', (event) => {
    const last = Number(sessionStorage.getItem(storageKey) ?? 0);
    if (Date.now() - last < patienceMs) return;
    event.preventDefault();
    sessionStorage.setItem(storageKey, String(Date.now()));
    location.reload();
  });
}
