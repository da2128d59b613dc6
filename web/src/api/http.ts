import { createHttpClient } from '@parley/sdk/client';
import { hearServerTime } from './server-time.ts';
import { session } from './session.svelte.ts';

/** Every REST call of the page. A 401 while somebody is signed in means that the session ended. */
export const http = createHttpClient({
  fetch: async (...request) => {
    const response = await fetch(...request);
    hearServerTime(response.headers.get('date'));
    return response;
  },
  onError: (error) => {
    if (error.problem.status === 401) session.expire();
  },
});

export { ApiError } from '@parley/sdk/client';
