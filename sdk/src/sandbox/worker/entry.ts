import { createEgress } from '../egress/index.ts';
import type { CoreMessage } from '../protocol.ts';
import { CoreLink } from './core-link.ts';
import { LoadFault } from './isolate.ts';
import { LoadedPlugin } from './loaded-plugin.ts';
import { RunMarker } from './run-marker.ts';
import { WorkerState } from './worker-state.ts';

/** Clocks are looked at this often; the core's own are a little later. */
const clockMs = 50;
const statsMs = 1_000;
/** How long the worker serves calls before it looks at its pipes and clocks again. */
const turnMs = 20;

const guestSource = (globalThis as unknown as { parleyGuestSource: string }).parleyGuestSource;
const marker = new RunMarker();
const inbox: CoreMessage[] = [];
const link = new CoreLink((messages) => {
  const wasIdle = inbox.length === 0;
  for (const message of messages) {
    // The sign of life says that the loop turns; it does not stand in line behind the work.
    if (message[0] === 'ping') link.send(['pong', message[1]]);
    else inbox.push(message);
  }
  if (wasIdle) work();
});
const state = new WorkerState(link, createEgress());

/** In order, and with a turn of the loop in between when it takes long: many calls at once must not look like a worker that is stuck. */
function work(): void {
  const until = performance.now() + turnMs;
  let done = 0;
  while (done < inbox.length && performance.now() < until) handle(inbox[done++]!);
  inbox.splice(0, done);
  state.batching.runUrgent();
  if (inbox.length > 0) setImmediate(work);
}

function handle(message: CoreMessage): void {
  switch (message[0]) {
    case 'load':
      return load(message);
    case 'unload': {
      const plugin = state.plugins.get(message[1]);
      for (const call of state.calls.values())
        if (call.plugin === plugin) state.failCall(call, 'sandbox.not-loaded', '');
      plugin?.unload();
      state.plugins.delete(message[1]);
      return;
    }
    case 'call':
      return state.startCall(message[1], message[2], message[3], message[4]);
    case 'abort': {
      const call = state.calls.get(message[1]);
      if (call !== undefined) state.failCall(call, 'sandbox.aborted', '');
      return;
    }
    case 'push': {
      const call = state.calls.get(message[1]);
      if (call !== undefined) state.feed(call, message[2], 'core');
      return;
    }
    case 'finish': {
      const call = state.calls.get(message[1]);
      if (call !== undefined) state.finish(call);
      return;
    }
    case 'answer': {
      const [, id, number, value, code, text] = message;
      const call = state.calls.get(id);
      if (call?.asked.delete(number) === true) state.answer(call, number, value, code, text);
      return;
    }
    case 'ping':
      return;
  }
}

function load([, slot, order, code]: Extract<CoreMessage, ['load', ...unknown[]]>): void {
  const plugin = new LoadedPlugin(slot, order, code, guestSource, marker);
  state.plugins.set(slot, plugin);
  try {
    link.send(['loaded', slot, plugin.load(), null, null]);
  } catch (fault) {
    if (!(fault instanceof LoadFault)) throw fault;
    state.plugins.delete(slot);
    plugin.unload();
    link.send(['loaded', slot, null, 'sandbox.load-failed', fault.message]);
  }
}

setInterval(() => {
  state.starvation.observe(clockMs);
  const now = (state.now = performance.now());
  for (const call of state.calls.values()) {
    if (call.context.shared) state.stopIfSpent(call);
    // A filter waits for its stream, and answers within the entry that feeds it.
    if (call.order.mode === 'filter') continue;
    const isStream = call.order.mode === 'stream';
    if (now - (isStream ? call.lastActivity : call.startedAt) < call.order.deadlineMs) continue;
    state.failCall(call, 'sandbox.timed-out', isStream ? 'silent for too long' : 'no answer in time');
  }
}, clockMs);

setInterval(() => {
  const rows = [...state.plugins.values()].map((plugin): [number, number] => [plugin.slot, plugin.memoryBytes]);
  link.send(['stats', rows, process.memoryUsage.rss()]);
}, statsMs);

link.send(['ready']);
