import type { ConnectionSettings } from '../settings.ts';

/** `key` is a placeholder: the host puts the real one in on the way out. */
export function requestHeaders(
  settings: ConnectionSettings,
  key: string | undefined,
  accept: 'text/event-stream' | 'application/json',
): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'application/json', accept };
  if (key !== undefined && key !== '') {
    headers[settings.keyHeader] = settings.keyHeader === 'authorization' ? `Bearer ${key}` : key;
  }
  if (settings.organization !== '') headers['openai-organization'] = settings.organization;
  if (settings.project !== '') headers['openai-project'] = settings.project;
  for (const [name, value] of settings.extraHeaders) headers[name.toLowerCase()] = value;
  return headers;
}
