import type { FilterHandle, SandboxHost } from '@parley/sdk/sandbox';
import type { Hook, HookRunner, HookStep, HookSubject } from '../plugins/index.ts';
import type { FilterChain, FilteredText } from './moderation-types.ts';

/** A filter in service; `handle` is null once it failed open and is passed over. */
interface Link {
  hook: Hook;
  handle: FilterHandle | null;
  /** Given and not yet let go of; null once the filter has changed something. */
  kept: string | null;
  /** How long the reply waited for it; null once it was fed on the way, where nobody waits. */
  ms: number | null;
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
  let fedLink = -1;

  function take(link: Link, result: FilteredText, answer: Answer, isLast: boolean): void {
    note(link, result.text, answer, isLast);
    result.text = answer.text;
    if (answer.flag !== undefined) result.flaggedBy ??= { plugin: link.hook.pluginId, rule: answer.flag.rule };
    if (answer.block === undefined) return;
    result.blockedBy = { plugin: link.hook.pluginId, rule: answer.block.rule };
    isOver = true;
  }

  /** The filter fails open: the text it was given goes on as it is. Throws when it must not. */
  function passOver(link: Link, error: unknown): void {
    subject.signal.throwIfAborted();
    link.handle = null;
    link.outcome = 'failed';
    link.note = deps.runner.settleFailure(link.hook, error);
  }

  async function ask(result: FilteredText, from: number, isLast: boolean): Promise<FilteredText> {
    for (const link of links.slice(from)) {
      if (isOver || link.handle === null || (result.text === '' && !isLast)) continue;
      const started = performance.now();
      try {
        const answer = result.text === '' ? { text: '' } : readAnswer(await link.handle.push(result.text));
        if (isLast && answer.block === undefined) addAnswer(answer, readAnswer(await link.handle.end()));
        take(link, result, answer, isLast);
      } catch (error) {
        passOver(link, error);
      } finally {
        if (link.ms !== null) link.ms += performance.now() - started;
      }
    }
    return result;
  }

  function push(text: string, fed: unknown): FilteredText | Promise<FilteredText> {
    const result: FilteredText = { text, flaggedBy: null, blockedBy: null };
    const link = links[fedLink];
    if (fed === undefined || link === undefined || link.handle === null) return ask(result, 0, false);
    link.ms = null;
    try {
      take(link, result, readAnswer(fed), false);
    } catch (error) {
      passOver(link, error);
    }
    const next = links.findIndex(({ handle }, at) => at > fedLink && handle !== null);
    return next < 0 ? result : ask(result, next, false);
  }

  return {
    feeds() {
      fedLink = links.findIndex(({ handle }) => handle !== null);
      return links[fedLink]?.handle ?? undefined;
    },
    push: (text, fed) => (isOver ? nothing : push(text, fed)),
    end: async () => (isOver ? nothing : ask({ text: '', flaggedBy: null, blockedBy: null }, 0, true)),
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

/** Checked by hand: this runs for every piece of every reply. */
function readAnswer(raw: unknown): Answer {
  const { text, block, flag } = (raw ?? {}) as Partial<Record<keyof Answer, unknown>>;
  if (typeof text !== 'string') throw new TypeError('a filter gave no text');
  const answer: Answer = { text };
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
  const isAllAsGiven = link.kept === '' && given === answer.text;
  if (link.kept !== null && !isAllAsGiven) {
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
