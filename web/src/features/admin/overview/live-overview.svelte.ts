import type { AdminOverview } from '@parley/sdk/contract';
import { http } from '../../../api/http.ts';
import { Resource } from '../../../ui/resource.svelte.ts';

const EVERY_MS = 10_000;

/** The numbers, read again and again while somebody can see them. */
export class LiveOverview {
  readonly resource = new Resource<AdminOverview>(() => http('GET /api/admin/overview'));

  /** Starts with the component and ends with it; a page in the background asks nothing and catches up when it is seen. */
  follow = (): (() => void) => {
    const load = () => void (document.visibilityState === 'visible' && this.resource.load());
    const timer = setInterval(load, EVERY_MS);
    document.addEventListener('visibilitychange', load);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', load);
    };
  };
}
