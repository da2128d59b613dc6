import type { PluginManifest } from '../contract/plugin-manifest.ts';
import type { SandboxFailure } from './sandbox-errors.ts';
import type { SandboxLimits } from './limits.ts';

/** Plugins of one group may share a worker process; unreviewed and dev plugins get one each. */
export type TrustGroup = 'official' | 'reviewed' | 'unreviewed' | 'dev';

/** What an admin granted, resolved to exact values. Deny by default. */
export interface Grants {
  network: NetworkGrant[];
  /** Loopback and private ranges, for the hosts of `network` only. */
  networkPrivate: boolean;
  /** Names as in the manifest's permissions: `storage`, `conversationRead`, `userProfile`. */
  capabilities: string[];
}
export interface NetworkGrant {
  scheme: 'http' | 'https';
  /** Exact, or `*.example.com` for one leftmost label. */
  host: string;
  port: number;
  pathPrefix: string;
  methods: string[];
}
/** `value` never enters an isolate: the plugin holds a placeholder, the worker's egress replaces it for this host only. */
export interface BoundSecret {
  name: string;
  value: string;
  grant: NetworkGrant;
  in: 'header' | 'query';
}

export interface SandboxedPlugin {
  id: string;
  version: string;
  trust: TrustGroup;
  manifest: PluginManifest;
  /** The bundled server file: one ES module without imports. */
  code: string;
  grants: Grants;
  settings: Record<string, unknown>;
  limits?: Partial<SandboxLimits>;
}

/** `id@version` of a loaded plugin. */
export type PluginKey = `${string}@${string}`;

export type HookKind = 'providers' | 'promptTransforms' | 'moderators' | 'streamFilters';

export interface HookCall {
  plugin: PluginKey;
  kind: HookKind;
  /** The contribution's local id. */
  contribution: string;
  /** `chat`, `listModels`, `transform`, `check` or `start`. */
  method: string;
  /** A JSON value handed to the method before the context; undefined: the method takes the context alone. */
  input: unknown;
  /** Joined into the hook's context: locale, timeZone, now, user, connection settings. Secrets go separately. */
  context: Record<string, unknown>;
  /** Grants and secrets of this call's connection, on top of the plugin's own. */
  connection?: { network: NetworkGrant[]; secrets: BoundSecret[] };
  /** Who is being served; a context never serves two users, and capabilities act for this one. */
  subject: { userId: string; turnId?: string; conversationId?: string };
  signal?: AbortSignal;
  /** Wall clock for a call; for streams the longest silence. Defaults from the limits. */
  deadlineMs?: number;
}

/** By a part's place: what the stream's filter made of it. Undefined where the filter must be asked. */
export type FilteredParts = readonly unknown[];

/** A provider's stream. `onParts` gets parsed JSON values, in order, joined by tick; then `onEnd` once. */
export interface StreamSink {
  /**
   * A filter whose `push` all texts of this stream will go through. Where both run in one worker its texts enter there at once, and the
   * answers come with the parts instead of being asked for.
   */
  filter?: FilterHandle | undefined;
  onParts(parts: unknown[], filtered?: FilteredParts): void;
  /** `failure` is absent when the plugin's iterator returned normally. */
  onEnd(failure?: SandboxFailure): void;
}
export interface StreamHandle {
  /** Ends the plugin's call; `onEnd` follows at once with `aborted`. */
  abort(): void;
}

/** A stream filter's run: each `push` answers with what the filter lets go, in order. */
export interface FilterHandle {
  push(text: string): Promise<unknown>;
  end(): Promise<unknown>;
  close(): void;
}

/** Answers a plugin's capability call. Throw a `HostCallError` to refuse; anything else becomes `host.unavailable`. */
export type CapabilityHandler = (call: {
  plugin: PluginKey;
  subject: HookCall['subject'];
  name: string;
  args: unknown;
  signal: AbortSignal;
}) => Promise<unknown>;

export interface PluginLogLine {
  plugin: PluginKey;
  level: 'info' | 'warn' | 'error';
  text: string;
  /** Whom the plugin served as it said this; absent while it was loaded. */
  subject?: { userId: string; turnId?: string };
}

export interface SandboxOptions {
  capabilities: Record<string, CapabilityHandler>;
  onLog?(line: PluginLogLine): void;
  /** A fault that changes a plugin's standing: breaker opened or closed, disabled after three deaths, worker died. */
  onHealth?(event: SandboxHealthEvent): void;
  /** Overrides for every plugin, mostly for tests. */
  limits?: Partial<SandboxLimits>;
  now?(): number;
}
export interface SandboxHealthEvent {
  type: 'breaker-open' | 'breaker-closed' | 'disabled' | 'worker-exit' | 'worker-start';
  plugin?: PluginKey;
  group: TrustGroup;
  reason?: string;
}
export interface PluginHealth {
  plugin: PluginKey;
  state: 'healthy' | 'resting' | 'disabled';
  /** Of `resting`: when the breaker lets the next call try. */
  restingUntil?: number;
  calls: number;
  failures: number;
  /** Milliseconds over the last 200 calls. */
  p50Ms: number;
  p95Ms: number;
  cpuMs: number;
  memoryBytes: number;
  lastFailure?: SandboxFailure;
}
export interface WorkerHealth {
  pid: number;
  group: TrustGroup;
  plugins: PluginKey[];
  rssBytes: number;
  startedAt: number;
}

/** Since the start. */
export interface SandboxCounts {
  /** By the id of the plugin, whatever its version; `outcome` is `ok` or the code of the failure. */
  calls: { plugin: string; kind: HookKind; outcome: string; count: number }[];
  /** Workers that ended though nobody had stopped them: `stuck`, `memory`, `protocol`, or `ended` by themselves. */
  exits: { group: TrustGroup; reason: string; count: number }[];
}

export interface SandboxHost {
  start(): Promise<void>;
  /** Compiles the plugin and checks its exports against the manifest. Rejects with a `SandboxFailure`. */
  load(plugin: SandboxedPlugin): Promise<void>;
  unload(plugin: PluginKey): Promise<void>;
  /** One answer. Rejects with a `SandboxFailure`; never with anything else. */
  call(call: HookCall): Promise<unknown>;
  stream(call: HookCall, sink: StreamSink): StreamHandle;
  openFilter(call: HookCall): Promise<FilterHandle>;
  /** Takes a disabled or resting plugin back into service. */
  revive(plugin: PluginKey): void;
  health(): { plugins: PluginHealth[]; workers: WorkerHealth[] };
  counts(): SandboxCounts;
  stop(): Promise<void>;
}
