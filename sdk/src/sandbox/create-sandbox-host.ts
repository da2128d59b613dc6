import { holdSecrets, placeholders } from './egress/held-secrets.ts';
import { openFilter, openFilterOf } from './filter-calls.ts';
import { OpenCall, type CallEnd } from './open-call.ts';
import type { PluginRecord } from './plugin-record.ts';
import type { CallMode } from './protocol.ts';
import { SandboxFailure } from './sandbox-errors.ts';
import type {
  HookCall,
  PluginHealth,
  SandboxHost,
  SandboxOptions,
  StreamHandle,
  StreamSink,
  WorkerHealth,
} from './sandbox-host.ts';
import { Supervisor } from './supervisor.ts';

/** The sandbox as the rest of the system sees it. */
export function createSandboxHost(options: SandboxOptions): SandboxHost {
  const now = options.now ?? Date.now;
  const supervisor = new Supervisor(options);
  let nextCall = 1;

  function admit(call: HookCall): PluginRecord {
    const record = supervisor.records.get(call.plugin);
    if (record === undefined) throw new SandboxFailure('sandbox.not-loaded', call.plugin);
    const admission = record.breaker.admit(now());
    if (admission === 'go') return record;
    const code = admission === 'disabled' ? 'sandbox.disabled' : 'sandbox.resting';
    supervisor.ends.call(record.plugin.id, call.kind, code);
    throw new SandboxFailure(code, call.plugin);
  }

  function begin(call: HookCall, mode: CallMode, onEnd: (end: CallEnd) => void, feeds?: OpenCall): OpenCall {
    const record = admit(call);
    const open = new OpenCall({ id: nextCall++, mode, record, call, now: now(), onEnd });
    open.feeds = feeds;
    supervisor.open(open);
    const { signal } = call;
    if (signal?.aborted === true) abort(open);
    else if (signal !== undefined) {
      const onAbort = (): void => abort(open);
      signal.addEventListener('abort', onAbort, { once: true });
      open.onOver = () => signal.removeEventListener('abort', onAbort);
    }
    if (record.loaded) send(open);
    else {
      void supervisor.whenLoaded(record).then(
        () => send(open),
        () => supervisor.settle(open, { failure: open.failure('sandbox.load-failed'), cpuMs: 0 }),
      );
    }
    return open;
  }

  function send(open: OpenCall): void {
    if (open.over) return;
    const { call, record } = open;
    if (!record.loaded) {
      const code = record.breaker.disabled ? 'sandbox.disabled' : 'sandbox.load-failed';
      return supervisor.settle(open, { failure: open.failure(code), cpuMs: 0 });
    }
    open.sent = true;
    const secrets = holdSecrets(call.connection?.secrets ?? []);
    const { kind, contribution, method } = call;
    const order = {
      slot: record.slot,
      mode: open.mode,
      kind,
      contribution,
      method,
      network: call.connection?.network ?? [],
      secrets,
      deadlineMs: open.deadlineMs,
      feeds: feedsOf(open),
    };
    const input = call.input === undefined ? '' : JSON.stringify(call.input);
    record.seat?.process?.send(['call', open.id, order, input, contextJson(open, placeholders(secrets))]);
  }

  function abort(open: OpenCall): void {
    if (open.over) return;
    supervisor.settle(open, { failure: open.failure('sandbox.aborted'), cpuMs: 0 });
    open.record.seat?.process?.send(['abort', open.id]);
  }

  return {
    async start() {
      supervisor.start();
      await Promise.all(supervisor.pool.spares());
    },
    load: (plugin) => supervisor.load(plugin),
    async unload(key) {
      supervisor.unload(key);
    },
    call: (call) =>
      new Promise((resolve, reject) => {
        begin(call, 'once', (end) => {
          if (end.failure !== undefined) reject(end.failure);
          else resolve(end.value ?? null);
        });
      }),
    stream(call: HookCall, sink: StreamSink): StreamHandle {
      try {
        const feeds = sink.filter === undefined ? undefined : openFilterOf(sink.filter);
        const open = begin(call, 'stream', (end) => sink.onEnd(end.failure), feeds);
        open.onParts = (parts, filtered) => sink.onParts(parts, filtered);
        return { abort: () => abort(open) };
      } catch (refusal) {
        if (!(refusal instanceof SandboxFailure)) throw refusal;
        // As with every other failure, after the handle is in the caller's hands.
        queueMicrotask(() => sink.onEnd(refusal));
        return { abort: () => {} };
      }
    },
    openFilter: (call) => openFilter(supervisor, (onEnd) => begin(call, 'filter', onEnd), abort),
    revive: (key) => supervisor.revive(key),
    health: () => ({
      plugins: [...supervisor.records.values()].map((record): PluginHealth => record.health(now())),
      workers: [...supervisor.seats].flatMap((seat): WorkerHealth[] =>
        seat.process === undefined
          ? []
          : [
              {
                pid: seat.process.pid,
                group: seat.group,
                plugins: [...seat.records.values()].map((record) => record.key),
                rssBytes: seat.process.rssBytes,
                startedAt: seat.process.startedAt,
              },
            ],
      ),
    }),
    counts: () => supervisor.ends.read(),
    stop: () => supervisor.stop(),
  };
}

/** Only a filter in the same process can be fed there; any other is asked by whoever gets the parts. */
function feedsOf(open: OpenCall): number {
  const { feeds, record } = open;
  if (feeds !== undefined && !feeds.over && feeds.record.seat === record.seat) return feeds.id;
  open.feeds = undefined;
  return 0;
}

/** What the hook gets beside its input; of secrets only placeholders. */
function contextJson(open: OpenCall, secrets: Record<string, string>): string {
  const { plugin } = open.record;
  const context: Record<string, unknown> = { settings: plugin.settings, ...open.call.context };
  if (open.call.kind === 'providers') {
    const connection = context['connection'] as { settings?: unknown } | undefined;
    context['connection'] = { settings: connection?.settings ?? {}, secrets };
  }
  return JSON.stringify(context);
}
