import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { BoundedLabel } from './bounded-label.ts';
import { Sources } from './sources.ts';

export interface EndedTurn {
  state: string;
  /** Of the failure; null when there was none. */
  code: string | null;
  /** Public id. */
  model: string;
  /** From its admission on; null: no content came. */
  firstTokenSeconds: number | null;
  seconds: number;
  tokens: { input: number; output: number; reasoning?: number; cachedInput?: number } | null;
}

export interface TurnMetrics {
  ended(turn: EndedTurn): void;
  /** A turn of a process that died was closed here. */
  reaped(): void;
  /** How long content was in our hands, of the few pieces that are measured. */
  delayed(seconds: number): void;
  /** The states of the turns that are open on this instance. */
  watch(states: () => Iterable<string>): () => void;
  /** Which model ids get series of their own. */
  knowModels(isKnown: (model: string) => boolean): void;
}

const MAX_MODELS = 100;
const MAX_CODES = 60;
const openStates = ['queued', 'running', 'settling'];

export function turnMetrics(registry: Registry): TurnMetrics {
  const registers = [registry];
  const models = new BoundedLabel(MAX_MODELS);
  const codes = new BoundedLabel(MAX_CODES);
  const open = new Sources<Iterable<string>>();
  new Gauge({
    name: 'parley_turns_open',
    help: 'Turns that are open on this instance.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const state of openStates) this.set({ state }, 0);
      for (const states of open.read()) for (const state of states) this.inc({ state });
    },
  });
  const ended = new Counter({
    name: 'parley_turns_ended_total',
    help: 'Turns that are over and written down; code is empty where nothing failed.',
    labelNames: ['state', 'code'],
    registers,
  });
  const reaped = new Counter({
    name: 'parley_turns_reaped_total',
    help: 'Turns of processes that died, closed by this one.',
    registers,
  });
  const firstToken = new Histogram({
    name: 'parley_turn_first_token_seconds',
    help: 'From the admission of a turn to its first content.',
    labelNames: ['model'],
    buckets: [0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 30, 60],
    registers,
  });
  const duration = new Histogram({
    name: 'parley_turn_duration_seconds',
    help: 'From the admission of a turn to its end.',
    labelNames: ['state'],
    buckets: [0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320],
    registers,
  });
  const delay = new Histogram({
    name: 'parley_turn_added_latency_seconds',
    help: 'How long content was in the core: from the pipe of its worker to socket or stream; one arrival in 64 is measured.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.25, 1],
    registers,
  });
  const tokens = new Counter({
    name: 'parley_tokens_total',
    help: 'Tokens of turns that have ended; reasoning and cached_input are parts of output and input.',
    labelNames: ['model', 'direction'],
    registers,
  });

  return {
    ended(turn) {
      const model = models.of(turn.model);
      ended.inc({ state: turn.state, code: turn.code === null ? '' : codes.of(turn.code) });
      duration.observe({ state: turn.state }, turn.seconds);
      if (turn.firstTokenSeconds !== null) firstToken.observe({ model }, turn.firstTokenSeconds);
      if (turn.tokens === null) return;
      const { input, output, reasoning = 0, cachedInput = 0 } = turn.tokens;
      tokens.inc({ model, direction: 'input' }, input);
      tokens.inc({ model, direction: 'output' }, output);
      if (reasoning > 0) tokens.inc({ model, direction: 'reasoning' }, reasoning);
      if (cachedInput > 0) tokens.inc({ model, direction: 'cached_input' }, cachedInput);
    },
    reaped: () => reaped.inc(),
    delayed: (seconds) => delay.observe(seconds),
    watch: open.watch,
    knowModels(isKnown) {
      models.isKnown = isKnown;
    },
  };
}
