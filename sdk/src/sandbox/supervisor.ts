import { CountedEnds } from './counted-ends.ts';
import { codeOfDeath, exportsFault, isPluginsFault, loadFailure } from './failure-rules.ts';
import { defaultLimits } from './limits.ts';
import type { CallEnd, OpenCall } from './open-call.ts';
import { PluginRecord } from './plugin-record.ts';
import { SandboxFailure } from './sandbox-errors.ts';
import type { PluginKey, SandboxedPlugin, SandboxHealthEvent, SandboxOptions, TrustGroup } from './sandbox-host.ts';
import { handleWorkerMessage } from './worker-messages.ts';
import { WorkerPool } from './worker-pool.ts';
import type { WorkerExit, WorkerProcess } from './worker-process.ts';
import { deathText, type LoadAnswer, WorkerSeat } from './worker-seat.ts';

/** How often memory and clocks are looked at. */
const watchMs = 100;
/** The worker's own clocks come first; ours only act when it failed to. */
const lateMs = 500;
/** Workers that die under a plugin while it loads, before that is taken as its own failure. */
const loadAttempts = 3;

/** Keeps workers for the loaded plugins: seats them by trust, watches and kills, lays blame, and loads the innocent again. */
export class Supervisor {
  readonly records: Map<PluginKey, PluginRecord> = new Map();
  readonly seats: Set<WorkerSeat> = new Set();
  readonly calls: Map<number, OpenCall> = new Map();
  readonly pool: WorkerPool;
  readonly ends: CountedEnds = new CountedEnds();
  readonly options: SandboxOptions;
  readonly now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #nextSlot = 0;
  #loads = 0;
  #stopped = false;

  constructor(options: SandboxOptions) {
    this.options = options;
    this.now = options.now ?? Date.now;
    this.pool = new WorkerPool(this.now);
  }

  start(): void {
    // When this process was held up, the answers wait in its pipes: they are read before anybody is judged by the clock.
    this.#timer ??= setInterval(() => setImmediate(() => this.#watch()), watchMs).unref();
    this.pool.prepare(false);
  }

  /** Takes a call in. As long as one is open, it keeps this process alive; idle workers never do. */
  open(call: OpenCall): void {
    this.calls.set(call.id, call);
    call.record.seat?.calls.add(call);
    this.#timer?.ref();
  }
  #rest(): void {
    if (this.calls.size === 0 && this.#loads === 0) this.#timer?.unref();
  }

  async load(plugin: SandboxedPlugin): Promise<void> {
    const key: PluginKey = `${plugin.id}@${plugin.version}`;
    if (this.#stopped) throw new SandboxFailure('sandbox.stopped', key);
    this.start();
    const before = this.records.get(key);
    // What never came up has nothing to hand over.
    if (before?.loaded === false) this.unload(key);
    const limits = { ...defaultLimits, ...plugin.limits, ...this.options.limits };
    const record = new PluginRecord(key, this.#nextSlot++, plugin, limits);
    if (before?.loaded !== true) this.records.set(key, record);
    const seat = this.#seatFor(plugin.trust);
    seat.records.set(record.slot, record);
    record.seat = seat;
    record.ready = this.#bringUp(record, seat);
    // `load` itself reports the failure; calls that come meanwhile see it too.
    record.ready.catch(() => {});
    this.#loads += 1;
    this.#timer?.ref();
    try {
      await record.ready;
      if (this.records.get(key) !== record) this.#replace(key, record);
    } catch (fault) {
      if (this.records.get(key) === record) this.records.delete(key);
      this.#drop(record);
      throw fault;
    } finally {
      this.#loads -= 1;
      this.#rest();
    }
  }

  /** New calls go to the new one from here; the old one stays until those it serves are over, so that no reply is cut by a setting. */
  #replace(key: PluginKey, record: PluginRecord): void {
    const before = this.records.get(key);
    this.records.set(key, record);
    if (before === undefined) return;
    before.isRetired = true;
    this.#dropIfIdle(before);
  }

  #dropIfIdle(record: PluginRecord): void {
    const isBusy = [...(record.seat?.calls ?? [])].some((open) => open.record === record);
    if (!isBusy) this.#drop(record);
  }

  unload(key: PluginKey): void {
    const record = this.records.get(key);
    if (record === undefined) return;
    this.records.delete(key);
    this.#drop(record);
  }

  #drop(record: PluginRecord): void {
    const { seat } = record;
    for (const open of seat?.calls ?? []) {
      if (open.record === record) this.settle(open, { failure: open.failure('sandbox.not-loaded'), cpuMs: 0 });
    }
    seat?.records.delete(record.slot);
    seat?.loading.get(record.slot)?.({ detail: 'it was unloaded meanwhile' });
    seat?.loading.delete(record.slot);
    record.loaded = false;
    if (seat === undefined) return;
    if (seat.records.size > 0) seat.process?.send(['unload', record.slot]);
    else {
      this.seats.delete(seat);
      seat.process?.kill('stop');
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    for (const open of this.calls.values()) this.settle(open, { failure: open.failure('sandbox.stopped'), cpuMs: 0 });
    for (const key of this.records.keys()) this.unload(key);
    await this.pool.stop();
  }

  /** The one end of a call: statistics, breaker, and the caller's answer. */
  settle(open: OpenCall, end: CallEnd): void {
    if (!open.end(end)) return;
    this.calls.delete(open.id);
    const { record } = open;
    record.seat?.calls.delete(open);
    if (record.isRetired) this.#dropIfIdle(record);
    this.#rest();
    const now = this.now();
    const code = end.failure?.code;
    const counts = code !== undefined && isPluginsFault(code, open);
    this.ends.call(record.plugin.id, open.call.kind, code ?? 'ok');
    record.stats.record((open.firstAnswerAt ?? now) - open.startedAt, counts, end.cpuMs);
    if (counts) {
      record.lastFailure = end.failure;
      if (record.breaker.failed(now))
        this.#tell({ type: 'breaker-open', plugin: record.key, group: record.plugin.trust, reason: code });
    } else if (code !== undefined) record.breaker.passed();
    else if (record.breaker.succeeded(now))
      this.#tell({ type: 'breaker-closed', plugin: record.key, group: record.plugin.trust });
  }

  #tell(event: SandboxHealthEvent): void {
    this.options.onHealth?.(event);
  }

  #seatFor(group: TrustGroup): WorkerSeat {
    const isShared = group === 'official' || group === 'reviewed';
    const existing = isShared ? [...this.seats].find((seat) => seat.group === group) : undefined;
    if (existing !== undefined) return existing;
    const seat = new WorkerSeat(group);
    this.seats.add(seat);
    return seat;
  }

  /** Settles when the plugin answers calls. A worker that dies meanwhile through no fault of this plugin is replaced and asked again. */
  async #bringUp(record: PluginRecord, seat: WorkerSeat): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      seat.starting ??= this.#startProcess(seat);
      const process = await seat.starting.catch((fault: unknown) => {
        throw loadFailure(record, String(fault));
      });
      if (!seat.records.has(record.slot)) throw new SandboxFailure('sandbox.not-loaded', record.key);
      const answer = await new Promise<LoadAnswer>((resolve) => {
        seat.loading.set(record.slot, resolve);
        if (process.alive) process.send(['load', record.slot, record.order(), record.plugin.code]);
        else resolve({ died: 'the worker ended', isCulprit: false });
      });
      if ('died' in answer && !answer.isCulprit && attempt < loadAttempts) continue;
      const fault =
        'died' in answer ? answer.died : 'detail' in answer ? answer.detail : exportsFault(record, answer.exports);
      if (fault !== undefined) throw loadFailure(record, fault);
      record.loaded = true;
      return;
    }
  }

  async #startProcess(seat: WorkerSeat): Promise<WorkerProcess> {
    let process: WorkerProcess;
    try {
      process = await this.pool.take(seat.jitless);
    } catch (fault) {
      // The next load tries again.
      seat.starting = undefined;
      throw fault;
    }
    seat.seat(process);
    if (seat.group !== 'official') process.yieldToOthers();
    process.onMessages = (messages) => {
      seat.heard();
      for (const message of messages) handleWorkerMessage(this, seat, message);
    };
    process.onExit = (exit) => this.#buried(seat, process, exit);
    this.#tell({ type: 'worker-start', group: seat.group });
    // It may have died, or the seat been given up, while it was on its way here.
    if (!process.alive) queueMicrotask(() => process.onExit(process.exit!));
    if (!this.seats.has(seat)) process.kill('stop');
    return process;
  }

  #watch(): void {
    if (this.#stopped) return;
    const now = this.now();
    for (const seat of this.seats) seat.watch(performance.now());
    for (const open of this.calls.values()) {
      const since = clockStart(open);
      if (since === undefined || now - since < open.deadlineMs + lateMs) continue;
      open.record.seat?.overdue(performance.now());
      if (open.over) continue;
      this.settle(open, { failure: open.failure('sandbox.timed-out', 'no answer in time'), cpuMs: 0 });
      open.record.seat?.process?.send(['abort', open.id]);
    }
  }

  /** A worker is gone: every call in it ends now, the culprit is charged, and all others are brought back at once. */
  #buried(seat: WorkerSeat, process: WorkerProcess, exit: WorkerExit): void {
    if (seat.process !== process) return;
    seat.process = undefined;
    seat.starting = undefined;
    const now = this.now();
    const culprit = seat.culprit(exit);
    this.ends.exit(seat.group, exit);
    this.#tell({
      type: 'worker-exit',
      group: seat.group,
      reason: `${deathText(exit)} ${exit.stderr}`.trim(),
      ...(culprit === undefined ? {} : { plugin: culprit.key }),
    });
    if (culprit !== undefined && culprit.breaker.died(now)) {
      this.#tell({
        type: 'disabled',
        plugin: culprit.key,
        group: seat.group,
        reason: 'its worker died three times within an hour',
      });
    }
    // Before anybody hears of it: who is told that a call failed may make the next one right then.
    const interrupted = new Map(seat.loading);
    seat.loading.clear();
    for (const record of seat.records.values()) {
      record.loaded = false;
      const answer = interrupted.get(record.slot);
      if (answer !== undefined) answer({ died: deathText(exit), isCulprit: record === culprit });
      else if (!this.#stopped && !record.isRetired && this.seats.has(seat)) this.#bringBack(record, seat);
    }
    for (const open of seat.calls) {
      // A call that waits for its plugin to be loaded again was not in this worker.
      if (!open.sent) continue;
      const code = open.record === culprit ? codeOfDeath(exit) : 'sandbox.crashed';
      this.settle(open, { failure: open.failure(code, deathText(exit)), cpuMs: 0 });
    }
  }

  #bringBack(record: PluginRecord, seat: WorkerSeat): void {
    if (record.breaker.disabled) return;
    record.failedToLoad = false;
    record.ready = this.#bringUp(record, seat);
    record.ready.catch((fault: unknown) => {
      record.failedToLoad = true;
      if (fault instanceof SandboxFailure) record.lastFailure = fault;
    });
  }

  /** Settles when a call may be sent. A plugin that could not be brought back is tried again by the call that needs it. */
  async whenLoaded(record: PluginRecord): Promise<void> {
    if (record.failedToLoad && record.seat !== undefined) this.#bringBack(record, record.seat);
    await record.ready;
  }

  revive(key: PluginKey): void {
    const record = this.records.get(key);
    if (record === undefined) return;
    record.breaker.revive();
    if (!record.loaded && record.seat !== undefined) this.#bringBack(record, record.seat);
  }
}

/** A stream may last as long as it is not silent, a filter as long as it answers. */
function clockStart(open: OpenCall): number | undefined {
  if (open.mode === 'once') return open.startedAt;
  if (open.mode === 'stream') return open.lastActivity;
  return open.sent && !open.started ? open.startedAt : open.waitingSince;
}
