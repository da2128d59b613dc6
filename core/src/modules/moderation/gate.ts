import { z } from 'zod';
import type { Hook, HookRunner, HookStep, HookSubject } from '../plugins/index.ts';
import type { GateResult } from './moderation-types.ts';

const rule = z.string().min(1).max(200);
const note = z.string().max(1_000).optional();
const Verdict = z.discriminatedUnion('action', [
  z.object({ action: z.literal('allow') }),
  z.object({ action: z.literal('flag'), rule, note }),
  z.object({ action: z.literal('mask'), text: z.string().max(1_000_000), rule, note }),
  z.object({ action: z.literal('block'), rule, note }),
]);

/** Asks the gates one after another; each sees what the one before it left. The first block ends it. */
export async function runGates(
  runner: HookRunner,
  gates: readonly Hook[],
  direction: 'input' | 'output',
  text: string,
  subject: HookSubject,
): Promise<GateResult> {
  const result: GateResult = { text, steps: [], flaggedBy: null, blockedBy: null };
  for (const gate of gates) {
    const { value, failed, ms } = await runner.run(gate, {
      kind: 'moderators',
      method: 'check',
      input: { direction, text: result.text },
      subject,
      answer: Verdict,
    });
    const step = { source: gate.ref, kind: direction === 'input' ? ('inlet' as const) : ('outlet' as const), ms };
    if (value === null) {
      result.steps.push({ ...step, note: failed ?? '', outcome: failed === null ? 'unchanged' : 'failed' });
      continue;
    }
    result.steps.push({ ...step, note: noteOf(value), outcome: outcomes[value.action] });
    if (value.action === 'mask') result.text = value.text;
    if (value.action === 'flag') result.flaggedBy ??= { plugin: gate.pluginId, rule: value.rule };
    if (value.action === 'block') {
      result.blockedBy = { plugin: gate.pluginId, rule: value.rule };
      break;
    }
  }
  return result;
}

const outcomes = { allow: 'unchanged', flag: 'flagged', mask: 'changed', block: 'blocked' } as const satisfies Record<
  string,
  HookStep['outcome']
>;

function noteOf(verdict: z.infer<typeof Verdict>): string {
  if (verdict.action === 'allow') return '';
  return verdict.note === undefined ? verdict.rule : `${verdict.rule}: ${verdict.note}`;
}
