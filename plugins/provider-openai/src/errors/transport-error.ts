import { asObject, asText } from '../json.ts';
import { SettingsError } from '../settings.ts';
import { errorPart, type ErrorPart } from './provider-error.ts';

/** What `fetch` or reading its body threw. `hasContent`: words have been passed on already. */
export function transportError(thrown: unknown, hasContent: boolean): ErrorPart {
  const code = asText(asObject(thrown)['code']);
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof SettingsError) return errorPart('bad_request', said, { providerCode: thrown.code });
  const more = code === undefined ? {} : { providerCode: code };
  switch (code) {
    case 'host.denied':
    case 'host.invalid':
      return errorPart('bad_request', `The request was not allowed to leave: ${said}`, more);
    case 'host.budget':
      return errorPart('server', `The answer was larger than allowed: ${said}`, { ...more, retryable: false });
    case 'host.timeout':
      return errorPart('timeout', `The server took too long: ${said}`, more);
    default:
      return hasContent
        ? errorPart('interrupted', `The connection broke off: ${said}`, more)
        : errorPart('server', `The server could not be reached: ${said}`, more);
  }
}
