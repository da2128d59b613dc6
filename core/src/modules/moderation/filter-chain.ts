import type { FilterHandle, SandboxHost } from '@parley/sdk/sandbox';
import type { Hook, HookRunner, HookStep, HookSubject } from '../plugins/index.ts';
import type { FilterChain, FilteredText } from './moderation-types.ts';

/** A filter in service; `handle` is null once it failed open and is passed over. */
interface Link {
  hook: Hook;
  handle: FilterHandle | null;
  /** Given and not yet let go of; null once the filter has changed something. */
  kept: string | null;
  ms: number;
  outcome: HookStep['outcome'];
  note: string;
}
interface Answer {
  text: string;
  block?: { rule: string } | undefined;
  flag?: { rule: string } | undefined;
}

/** Opens every filter for one reply. One that can't be opened fails as its `onFailure` says. */
export async function openFilterChain(
  deps: { sandbox: SandboxHost; runner: HookRunner },
  hooks: readonly Hook[],
  subject: HookSubject,
): Promise<FilterChain> {
  const links = await Promise.all(hooks.map((hook) => openLink(deps, hook, subject)));
  let isOver = false;
  let fedLink: Link | undefined;

  async function pass(text: string, isLast: boolean, fed?: Promise<unknown>): Promise<FilteredText> {
    const result: FilteredText = { text, flaggedBy: null, blockedBy: null };
    for (const link of links) {
      if (link.handle === null || (result.text === '' && !isLast)) continue;
      const answer = await ask(link, link.handle, result.text, isLast, link === fedLink ? fed : undefined);
      if (answer === null) continue;
      result.text = answer.text;
      if (answer.flag !== undefined) result.flaggedBy ??= { plugin: link.hook.pluginId, rule: answer.flag.rule };
      if (answer.block !== undefined) {
        result.blockedBy = { plugin: link.hook.pluginId, rule: answer.block.rule };
        isOver = true;
        break;
      }
    }
    return result;
  }

  /** Null: the filter failed open; the text it was given goes on as it is. */
  async function ask(
    link: Link,
    handle: FilterHandle,
    text: string,
    isLast: boolean,
    fed: Promise<unknown> | undefined,
  ): Promise<Answer | null> {
    const started = performance.now();
    try {
      const answer = readAnswer(text === '' ? null : await (fed ?? handle.push(text)));
      if (isLast && answer.block === undefined) addAnswer(answer, readAnswer(await handle.end()));
      note(link, text, answer, isLast);
      return answer;
    } catch (error) {
      subject.signal.throwIfAborted();
      link.handle = null;
      link.outcome = 'failed';
      link.note = deps.runner.settleFailure(link.hook, error);
      return null;
    } finally {
      link.ms += performance.now() - started;
    }
  }

  return {
    feeds() {
      fedLink = links.find(({ handle }) => handle !== null);
      return fedLink?.handle ?? undefined;
    },
    push: (text, fed) => (isOver ? Promise.resolve(nothing) : pass(text, false, fed)),
    end: () => (isOver ? Promise.resolve(nothing) : pass('', true)),
    close() {
      isOver = true;
      for (const link of links) link.handle?.close();
    },
    steps: () =>
      links.map(({ hook, ms, outcome, note: text }) => ({ source: hook.ref, kind: 'stream', note: text, ms, outcome })),
  };
}

const nothing: FilteredText = { text: '', flaggedBy: null, blockedBy: null };

async function openLink(
  deps: { sandbox: SandboxHost; runner: HookRunner },
  hook: Hook,
  subject: HookSubject,
): Promise<Link> {
  const link: Link = { hook, handle: null, kept: '', ms: 0, outcome: 'unchanged', note: '' };
  try {
    link.handle = await deps.sandbox.openFilter({
      plugin: hook.plugin,
      kind: 'streamFilters',
      contribution: hook.contribution,
      method: 'start',
      input: undefined,
      context: deps.runner.contextOf(hook.pluginId, subject),
      subject: { userId: subject.userId, turnId: subject.turnId, conversationId: subject.conversationId ?? undefined },
    });
  } catch (error) {
    link.outcome = 'failed';
    link.note = deps.runner.settleFailure(hook, error);
  }
  return link;
}

/** Checked by hand: this runs for every piece of every reply. Null: nothing was asked. */
function readAnswer(raw: unknown): Answer {
  const answer: Answer = { text: '' };
  if (raw === null) return answer;
  const { text, block, flag } = raw as Partial<Record<keyof Answer, unknown>>;
  if (typeof text !== 'string') throw new TypeError('a filter gave no text');
  answer.text = text;
  if (block !== undefined) answer.block = ruleOf(block);
  if (flag !== undefined) answer.flag = ruleOf(flag);
  return answer;
}

function addAnswer(answer: Answer, more: Answer): void {
  answer.text += more.text;
  answer.block ??= more.block;
  answer.flag ??= more.flag;
}

function ruleOf(mark: unknown): { rule: string } | undefined {
  if (typeof mark !== 'object' || mark === null) return undefined;
  const { rule } = mark as { rule?: unknown };
  return { rule: typeof rule === 'string' ? rule.slice(0, 200) : 'unnamed' };
}

function note(link: Link, given: string, answer: Answer, isLast: boolean): void {
  if (link.kept !== null) {
    const whole = link.kept + given;
    const isSame = isLast ? whole === answer.text : whole.startsWith(answer.text);
    link.kept = isSame ? whole.slice(answer.text.length) : null;
  }
  const mark = answer.block ?? answer.flag;
  if (mark !== undefined) {
    link.outcome = answer.block === undefined ? 'flagged' : 'blocked';
    link.note = mark.rule;
  } else if (link.kept === null && link.outcome === 'unchanged') link.outcome = 'changed';
}
