import { isShallowJson } from './json-depth.ts';
import type { OpenCall } from './open-call.ts';
import { HostCallError } from './sandbox-errors.ts';
import type { CapabilityHandler } from './sandbox-host.ts';

export type CapabilityAnswer = [value: string | null, code: string | null, text: string | null];
const maxDepth = 64;

/**
 * Answers what a plugin asked of the host. The right to ask is decided from the plugin's record and the call's subject alone; the
 * arguments are text until their length and depth are known. Never throws.
 */
export async function answerCapability(
  handlers: Record<string, CapabilityHandler>,
  open: OpenCall,
  name: string,
  argsJson: string,
): Promise<CapabilityAnswer> {
  const { record, call } = open;
  open.hostCalls += 1;
  const scope = name.split('.')[0]!;
  if (!record.plugin.grants.capabilities.includes(scope)) return [null, 'host.denied', 'this was not granted'];
  if (open.hostCalls > record.limits.hostCalls || argsJson.length > record.limits.argumentBytes) {
    return [null, 'host.budget', 'too many or too large host calls'];
  }
  const handler = Object.hasOwn(handlers, name)
    ? handlers[name]
    : Object.hasOwn(handlers, scope)
      ? handlers[scope]
      : undefined;
  if (handler === undefined || !isShallowJson(argsJson, maxDepth)) return [null, 'host.invalid', 'no such host call'];
  try {
    const args = JSON.parse(argsJson) as unknown;
    const { signal } = open;
    const value = await handler({ plugin: record.key, subject: call.subject, name, args, signal });
    const json = JSON.stringify(value) as string | undefined;
    if (json !== undefined && json.length > record.limits.resultBytes)
      return [null, 'host.budget', 'the answer is too large'];
    return [json ?? 'null', null, null];
  } catch (fault) {
    // The plugin learns a code and, from a handler that refused on purpose, its sentence; never what broke inside the host.
    if (fault instanceof HostCallError) return [null, fault.code, fault.message];
    return [null, 'host.unavailable', 'the host could not answer'];
  }
}
