import type { FilterHandle } from '@parley/sdk/sandbox';
import type { HookStep, HookSubject } from '../plugins/index.ts';

/** What the gates said of a whole text. `text` is what may go on (masked where asked). */
export interface GateResult {
  text: string;
  steps: HookStep[];
  flaggedBy: { plugin: string; rule: string } | null;
  blockedBy: { plugin: string; rule: string } | null;
}

/** The filters a reply streams through, in order; each piece answers with what may be shown now. */
export interface FilterChain {
  /** The filter that sees texts first. Who feeds it on the way hands its answer to `push`. */
  feeds(): FilterHandle | undefined;
  /** At once when `fed` is all there is to know. */
  push(text: string, fed?: unknown): FilteredText | Promise<FilteredText>;
  end(): Promise<FilteredText>;
  close(): void;
  /** For the trace, after the end. */
  steps(): HookStep[];
}
export interface FilteredText {
  text: string;
  flaggedBy: { plugin: string; rule: string } | null;
  /** Nothing after `text` may be shown. */
  blockedBy: { plugin: string; rule: string } | null;
}

/** A closed hook that failed throws `HookFailed` (code `plugin.hook-failed`, names the plugin); open ones are noted and passed over. */
export interface Moderation {
  checkInput(text: string, subject: HookSubject): Promise<GateResult>;
  /** Null when no output gate is on: then text may stream. Otherwise a reply is held back until this has spoken. */
  outputGate(): ((text: string, subject: HookSubject) => Promise<GateResult>) | null;
  /** Null when no stream filter is on. */
  openFilters(subject: HookSubject): Promise<FilterChain | null>;
}
