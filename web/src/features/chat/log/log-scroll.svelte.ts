import {
  distanceToEnd,
  edgePx,
  firstReaching,
  glidePlan,
  jumpVisible,
  pinnedAfterScroll,
  restPx,
  spacerHeight,
  type ScrollMetrics,
} from './scroll-rules.ts';

interface Anchor {
  readonly key: string;
  readonly top: number;
}
export interface LogScrollPorts {
  nearStart(): void;
  nearEnd(): void;
  /** What is below is on the page; else the end must be loaded first. */
  endIsHere(): boolean;
}

/** Longer than any browser glides; then the position is ours again. */
const glideMs = 900;

/**
 * Keeps the eye where it was. While pinned the end stays in sight; else the first visible row (the anchor) keeps its place whatever grows,
 * shrinks or is loaded above it. Done here because not every browser anchors, and those that do fight with a window that moves.
 */
export class LogScroll {
  #pinned = $state(true);
  #jump = $state(false);
  readonly #ports: LogScrollPorts;
  #view: HTMLElement | null = null;
  #content: HTMLElement | null = null;
  #spacer: HTMLElement | null = null;
  #anchor: Anchor | null = null;
  /** A row that was put somewhere on purpose stays there, until somebody scrolls. */
  #held: Anchor | null = null;
  /** The change under way whose row must not move: until it is there, or somebody goes to the end, the end is not followed. */
  #change: Promise<string> | null = null;
  /** Room below the content that a held row needs to stay where it is. */
  #roomPx = 0;
  #spacerPx = 0;
  /** Where we scrolled to ourselves. */
  #expectedTop = -1;
  #last: ScrollMetrics = { scrollTop: 0, clientHeight: 0, scrollHeight: 0 };
  #resting: string | null = null;
  /** Looked up once, as its place is asked for on every frame of a reply. */
  #restingRow: HTMLElement | null = null;
  #glidingUntil = 0;

  constructor(ports: LogScrollPorts) {
    this.#ports = ports;
  }

  get pinned(): boolean {
    return this.#pinned;
  }
  get jumpVisible(): boolean {
    return this.#jump;
  }

  /** For the scrolling element: its first child holds the rows, its last is the spacer. */
  readonly attach = (view: HTMLElement): (() => void) => {
    this.#view = view;
    this.#content = view.querySelector('[data-log-content]');
    this.#spacer = view.querySelector('[data-log-spacer]');
    const observer = new ResizeObserver(() => this.settle());
    observer.observe(view);
    if (this.#content) observer.observe(this.#content);
    const onScroll = () => this.#scrolled();
    const onWheel = (event: WheelEvent) => {
      if (event.deltaY < 0 && view.scrollTop > 0) this.#unpin();
    };
    view.addEventListener('scroll', onScroll, { passive: true });
    view.addEventListener('wheel', onWheel, { passive: true });
    this.settle();
    return () => {
      observer.disconnect();
      view.removeEventListener('scroll', onScroll);
      view.removeEventListener('wheel', onWheel);
      this.#view = null;
    };
  };

  /** After anything changed its size: before the browser paints, so nothing is seen to move. */
  settle(): void {
    const view = this.#view;
    if (view === null) return;
    this.#sizeSpacer();
    if (performance.now() < this.#glidingUntil) return this.#remember();
    if (this.#follows) this.#moveTo(view.scrollHeight - view.clientHeight);
    else this.#restoreAnchor();
    this.#remember();
  }

  /** Opening a chat, or leaving one spot for another: no animation. */
  toEnd(): void {
    this.#resting = null;
    this.#release();
    this.#pinned = true;
    this.#glidingUntil = 0;
    this.settle();
  }

  /** The words just sent go near the top and stay there while the reply fills the room below. */
  rest(key: string): void {
    this.#resting = key;
    this.#release();
    this.#pinned = true;
    this.#sizeSpacer();
    if (this.#view) this.#glide(this.#view.scrollHeight - this.#view.clientHeight);
  }

  jumpToEnd(): void {
    this.#release();
    this.#pinned = true;
    if (this.#view) this.#glide(this.#view.scrollHeight - this.#view.clientHeight);
  }

  /** Brings a row into sight, for a deep link or a search hit. */
  reveal(key: string): HTMLElement | null {
    const row = this.#row(key);
    if (row === null || this.#view === null) return null;
    this.#pinned = false;
    // Rows above it get their real size only now that they come near; until they have it the row is held.
    this.#held = { key, top: restPx };
    this.settle();
    return row;
  }

  /** Holds a row's top edge still over a change that replaces it, such as another version. */
  async hold(key: string, change: () => Promise<string>): Promise<void> {
    const row = this.#row(key);
    const top = row === null ? null : this.#topOf(row);
    const changing = change();
    this.#change = changing;
    try {
      const next = await changing;
      const replaced = this.#row(next);
      if (this.#change === changing && top !== null && replaced !== null && this.#view && this.#content) {
        this.#pinned = false;
        this.#held = { key: next, top };
        const wanted = this.#topOf(replaced) + this.#view.scrollTop - top;
        this.#roomPx = Math.max(0, wanted + this.#view.clientHeight - this.#content.offsetHeight);
      }
    } finally {
      if (this.#change === changing) this.#change = null;
      this.settle();
    }
  }

  get #follows(): boolean {
    return this.#pinned && this.#change === null;
  }

  #scrolled(): void {
    const view = this.#view;
    if (view === null) return;
    const now = metricsOf(view);
    const byHand = Math.abs(now.scrollTop - this.#expectedTop) > 1 && performance.now() >= this.#glidingUntil;
    if (byHand) {
      this.#held = null;
      this.#pinned = pinnedAfterScroll(this.#pinned, this.#last, now);
    }
    this.#remember();
    if (now.scrollTop < edgePx) this.#ports.nearStart();
    if (distanceToEnd(now) < edgePx) this.#ports.nearEnd();
  }

  #release(): void {
    this.#held = null;
    this.#change = null;
    this.#roomPx = 0;
  }

  #unpin(): void {
    this.#held = null;
    this.#pinned = false;
    this.#glidingUntil = 0;
  }

  #remember(): void {
    const view = this.#view;
    if (view === null) return;
    this.#last = metricsOf(view);
    if (!this.#ports.endIsHere()) this.#pinned = false;
    // Empty room below the last message is nothing to jump to.
    const distance = this.#ports.endIsHere() ? distanceToEnd(this.#last) - this.#spacerPx : Infinity;
    this.#jump = jumpVisible(this.#jump, this.#pinned, distance);
    // A pinned log has no anchor to keep, and this runs on every frame of a reply.
    this.#anchor = null;
    if (this.#follows) return;
    if (this.#held !== null && this.#row(this.#held.key) !== null) {
      this.#anchor = this.#held;
      return;
    }
    const rows = this.#rows();
    const line = view.getBoundingClientRect().top;
    const first = rows[firstReaching(rows.length, (index) => spanOf(rows[index]), line)];
    const key = first?.dataset['key'];
    if (first !== undefined && key !== undefined) this.#anchor = { key, top: this.#topOf(first) };
  }

  #restoreAnchor(): void {
    const anchor = this.#held ?? this.#anchor;
    const row = anchor === null ? null : this.#row(anchor.key);
    if (row === null || anchor === null || this.#view === null) return;
    const moved = this.#topOf(row) - anchor.top;
    if (Math.abs(moved) >= 1) this.#moveTo(this.#view.scrollTop + moved);
  }

  #sizeSpacer(): void {
    const view = this.#view;
    const row = this.#findResting();
    if (this.#spacer === null || this.#content === null || view === null) return;
    const base = view.scrollTop - view.getBoundingClientRect().top;
    const contentEnd = this.#content.getBoundingClientRect().bottom + base;
    const height =
      row === null
        ? this.#roomPx
        : spacerHeight({
            clientHeight: view.clientHeight,
            restingTop: row.getBoundingClientRect().top + base,
            contentEnd,
          });
    this.#spacerPx = height;
    this.#spacer.style.height = `${height}px`;
  }

  #findResting(): HTMLElement | null {
    if (this.#resting === null) return null;
    if (this.#restingRow?.isConnected !== true || this.#restingRow.dataset['key'] !== this.#resting) {
      this.#restingRow = this.#row(this.#resting);
    }
    return this.#restingRow;
  }

  #glide(target: number): void {
    const view = this.#view;
    if (view === null) return;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return this.settle();
    const { from, to } = glidePlan(view.scrollTop, target);
    this.#moveTo(from);
    this.#glidingUntil = performance.now() + glideMs;
    view.scrollTo({ top: to, behavior: 'smooth' });
    const done = () => {
      this.#glidingUntil = 0;
      this.settle();
    };
    view.addEventListener('scrollend', done, { once: true });
    setTimeout(done, glideMs);
  }

  #moveTo(scrollTop: number): void {
    if (this.#view === null) return;
    if (Math.abs(this.#view.scrollTop - scrollTop) >= 0.5) this.#view.scrollTop = scrollTop;
    this.#expectedTop = this.#view.scrollTop;
  }

  #rows(): HTMLElement[] {
    return [...(this.#content?.querySelectorAll<HTMLElement>('[data-key]') ?? [])];
  }
  #row(key: string): HTMLElement | null {
    return this.#content?.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? null;
  }
  #topOf(row: HTMLElement): number {
    return row.getBoundingClientRect().top - (this.#view?.getBoundingClientRect().top ?? 0);
  }
}

function metricsOf({ scrollTop, clientHeight, scrollHeight }: HTMLElement): ScrollMetrics {
  return { scrollTop, clientHeight, scrollHeight };
}

function spanOf(row: HTMLElement | undefined): { top: number; bottom: number } {
  return row?.getBoundingClientRect() ?? { top: 0, bottom: 0 };
}
