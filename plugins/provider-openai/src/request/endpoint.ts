import { SettingsError } from '../settings.ts';

export type Endpoint = 'chat/completions' | 'models';

/**
 * Joins the address an admin typed with a path. Tolerates a trailing slash, a missing version (`/v1` is added unless the
 * path says which version or dialect it is), a query (Azure's `api-version`), and the whole address of an endpoint.
 */
export function endpointUrl(baseUrl: string, endpoint: Endpoint): string {
  const url = parse(baseUrl);
  let path = url.pathname.replace(/\/+$/, '').replace(/\/(?:chat\/completions|models)$/, '');
  const segments = path.split('/');
  // Google's OpenAI dialect lives at /v1beta/openai, Azure's old one at /openai/deployments/…
  const isVersioned = segments.some((segment) => /^v\d/i.test(segment) || segment === 'openai');
  if (!isVersioned) path += '/v1';
  return `${url.protocol}//${url.host}${path}/${endpoint}${url.search}`;
}

function parse(baseUrl: string): URL {
  const text = /^[a-z][a-z\d+.-]*:\/\//i.test(baseUrl) ? baseUrl : `https://${baseUrl}`;
  try {
    const url = new URL(text);
    if (url.protocol === 'https:' || url.protocol === 'http:') return url;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
  }
  throw new SettingsError(
    `Address of the server: ${JSON.stringify(baseUrl.slice(0, 100))} is no http or https address`,
  );
}
