/** Numbered things that travel together; numbers are consecutive within a stream. */
export interface NumberedFrame<E extends { seq: number } = { seq: number }> {
  readonly events: readonly E[];
}

/**
 * Short-lived streams of numbered events that any instance can read again, and word between instances.
 * It is a convenience for those who watch, never the only place of anything: every read may answer null.
 */
export interface EventLog<F extends NumberedFrame> {
  /**
   * Keeps a frame and hands it to those who watch the channel on OTHER instances; the caller serves its own.
   * In order per stream. Never throws: what could not be kept makes a later read answer null.
   */
  append(stream: string, channel: string, frame: F): void;
  /** Everything after `afterSeq`, or null when some of it is no longer (or not completely) there. */
  read(stream: string, afterSeq: number): Promise<F['events'][number][] | null>;
  /** Nothing more will come; the stream is kept a little longer for those who are late. */
  end(stream: string): void;
  /** Frames that other instances append. Resolves once nothing appended from then on can be missed. */
  watch(channel: string, listener: (frame: F) => void): Promise<() => void>;
  /** Resolves when every frame that a `read` before this call can have seen has reached the watchers here. */
  caughtUp(): Promise<void>;
  /** Tells the other instances something that is not kept. False: nobody could be told. */
  signal(topic: string, body: string): Promise<boolean>;
  onSignal(topic: string, listener: (body: string) => void): Promise<() => void>;
  close(): Promise<void>;
}

/** Frames of half a minute of a fast reply; whoever was away longer gets a snapshot. */
export const KEPT_EVENTS = 1024;
/** After the end, for tabs that come back from sleep or a change of networks. */
export const KEPT_AFTER_END_MS = 60_000;
