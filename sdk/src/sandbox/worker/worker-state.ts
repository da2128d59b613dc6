import type { Egress } from '../egress/index.ts';
import type { CallOrder, WirePart, WorkerMessage } from '../protocol.ts';
import { cleanPluginText } from '../plugin-text.ts';
import type { SandboxFailureCode } from '../sandbox-errors.ts';
import { AwaitedAnswers } from './awaited-answers.ts';
import { Batching } from './batching.ts';
import type { CallContext } from './call-context.ts';
import type { CallFetch } from './call-fetch.ts';
import type { CoreLink } from './core-link.ts';
import { readGuestLines } from './guest-lines.ts';
import type { RunOutcome } from './isolate.ts';
import { LoadFault } from './isolate.ts';
import { handleLine } from './line-handlers.ts';
import type { LoadedPlugin } from './loaded-plugin.ts';
import { FedParts, type HeldParts } from './fed-parts.ts';
import { Starvation } from './starvation.ts';
import { WorkerCall } from './worker-call.ts';

/** One entry serves all streams of a shared context, so it may take as long as several slices. */
const sharedSliceFactor = 4;

/** Plugins and calls of this worker, and the few ways a call goes on or ends. */
export class WorkerState {
  readonly link: CoreLink;
  readonly egress: Egress;
  readonly batching: Batching;
  readonly plugins: Map<number, LoadedPlugin> = new Map();
  readonly calls: Map<number, WorkerCall> = new Map();
  readonly awaited: AwaitedAnswers<CallFetch> = new AwaitedAnswers();

  readonly starvation: Starvation = new Starvation();
  /** Milliseconds, as of the last look at the clocks: exact enough for silence, and free to read for each token. */
  now: number = performance.now();

  constructor(link: CoreLink, egress: Egress) {
    this.link = link;
    this.egress = egress;
    this.batching = new Batching({
      enter: (context, batch, bodies) => this.#run(context, 'deliver', batch, bodies, ''),
      afterRound: () => link.flush(),
      mayRun: () => !link.congested,
      mayRest: () => !this.awaited.mayComeNow,
    });
    link.onDrain(() => this.batching.run());
  }

  pluginOf(context: CallContext): LoadedPlugin {
    return this.plugins.get(context.guest.slot)!;
  }

  startCall(id: number, order: CallOrder, input: string, contextJson: string): void {
    const plugin = this.plugins.get(order.slot);
    if (plugin === undefined) return this.link.send(['failed', id, 'sandbox.not-loaded', null, 0]);
    let context: CallContext;
    try {
      context = plugin.contextForCall();
    } catch (fault) {
      if (!(fault instanceof LoadFault)) throw fault;
      return this.link.send(['failed', id, 'sandbox.load-failed', fault.message, 0]);
    }
    const call = new WorkerCall(id, order, plugin, context);
    context.calls.set(id, call);
    this.calls.set(id, call);
    const { kind, contribution, method, mode } = order;
    const meta = {
      id,
      mode,
      kind,
      contribution,
      method,
      maxParts: call.limits.emittedParts,
      permissions: plugin.order.capabilities,
    };
    this.#run(context, 'call', JSON.stringify(meta), input, contextJson);
    if (!context.shared) setImmediate(() => plugin.prepare());
  }

  answer(call: WorkerCall, number: number, value: string | null, code: string | null, text: string | null): void {
    if (this.calls.get(call.id) !== call) return;
    const message = `["r",${call.id},${number},${value ?? 'null'},${JSON.stringify(code)},${JSON.stringify(text)}]`;
    call.context.pending.push(message);
    this.batching.add(call.context);
  }

  /** A text for a filter: asked by the core, or fed from a stream of this worker. */
  feed(call: WorkerCall, text: string, asker: 'core' | HeldParts): void {
    call.filterAnswers.push(asker);
    call.context.feed(call.id, text);
    this.batching.addUrgent(call.context);
  }
  finish(call: WorkerCall): void {
    if (call.isFinishing) return;
    call.isFinishing = true;
    call.filterAnswers.push('core');
    call.context.pending.push(`["q",${call.id}]`);
    this.batching.addUrgent(call.context);
  }

  /** Parts of a stream: to the core, and where it feeds a filter there first. */
  sendParts(call: WorkerCall, parts: WirePart[]): void {
    const filter = call.order.feeds === 0 ? undefined : this.calls.get(call.order.feeds);
    if (filter !== undefined) call.fedParts ??= new FedParts(this.link);
    if (call.fedParts === undefined) return this.link.sendParts([call.id, parts]);
    const texts = filter === undefined ? [] : parts.filter((part) => typeof part === 'string');
    const held = call.fedParts.hold(call.id, parts, texts.length);
    if (filter !== undefined) for (const text of texts) this.feed(filter, text, held);
  }

  /** A good end takes the filter along that the stream has fed: the core need not ask for what that still keeps. */
  endStream(call: WorkerCall): void {
    const filter = call.endsWell === true ? this.calls.get(call.order.feeds) : undefined;
    this.endCall(call, ['end', call.id, call.cpuMs]);
    if (filter !== undefined) this.finish(filter);
  }

  /** The call's last message leaves, and everything it holds is let go of. */
  endCall(call: WorkerCall, message: WorkerMessage): void {
    if (this.calls.get(call.id) !== call) return;
    if (call.fedParts === undefined) this.link.send(message);
    else call.fedParts.pass(message);
    this.calls.delete(call.id);
    for (const asker of call.filterAnswers) if (asker !== 'core') asker.giveUp();
    const { context } = call;
    context.calls.delete(call.id);
    for (const fetch of call.fetches.values()) fetch.cancel();
    context.stopTimers(call.id);
    if (!context.shared) context.close();
  }
  failCall(call: WorkerCall, code: SandboxFailureCode, detail: string): void {
    const wasAlive = this.calls.get(call.id) === call;
    this.endCall(call, ['failed', call.id, code, detail === '' ? null : cleanPluginText(detail), call.cpuMs]);
    // Others go on in a shared context: the runtime in there must forget this one.
    if (wasAlive && call.context.shared && !call.context.guest.closed) {
      call.context.pending.push(`["a",${call.id}]`);
      this.batching.add(call.context);
    }
  }
  failContext(context: CallContext, code: SandboxFailureCode, detail: string): void {
    this.plugins.get(context.guest.slot)?.abandon(context);
    for (const call of context.calls.values()) this.failCall(call, code, detail);
    context.close();
  }

  #run(context: CallContext, operation: 'call' | 'deliver', a: string, b: string, c: string): void {
    const plugin = this.plugins.get(context.guest.slot);
    if (plugin === undefined || context.guest.closed) return;
    const sliceMs = plugin.order.limits.sliceMs * (context.shared ? sharedSliceFactor : 1);
    const outcome = context.guest.run(operation, a, b, c, Math.round(sliceMs * this.starvation.factor));
    this.#charge(context, outcome);
    if (outcome.fault !== undefined) {
      const { code, detail } = outcome.fault;
      this.failContext(context, code, detail);
      return;
    }
    for (const line of readGuestLines(outcome.output)) handleLine(this, context, line);
  }

  /** Where hundreds share a context, what they have used is looked at by the clock and not at each entry. */
  #charge(context: CallContext, { cpuNs }: RunOutcome): void {
    if (context.calls.size === 0) return;
    context.cpuNsEach += cpuNs / context.calls.size;
    if (context.shared) return;
    for (const call of context.calls.values()) this.stopIfSpent(call);
  }
  stopIfSpent(call: WorkerCall): void {
    if (call.hasUsedItsTime) this.failCall(call, 'sandbox.timed-out', 'too much processor time');
  }
}
