import type { Moderation } from '../moderation/index.ts';
import type { ContentPart } from '../providers/index.ts';
import type { Mark } from './reply.ts';
import type { RunningTurn } from './running-turn.ts';

type Gate = NonNullable<ReturnType<Moderation['outputGate']>>;

/** A reply that nobody may see before the output gates have spoken. */
export class HeldReply {
  readonly #gate: Gate;
  #text = '';
  #reasoning = '';
  #others: ContentPart[] = [];

  constructor(gate: Gate) {
    this.#gate = gate;
  }

  get chars(): number {
    return this.#text.length + this.#reasoning.length;
  }

  add(part: ContentPart): void {
    if (part.type === 'text') this.#text += part.text;
    else if (part.type === 'reasoning') this.#reasoning += part.text;
    else this.#others.push(part);
  }

  /** Lets go of what the gates allow. Not null: they allow nothing of it. */
  async release(turn: RunningTurn): Promise<Mark | null> {
    const passed: ContentPart[] = [];
    for (const [type, text] of [
      ['reasoning', this.#reasoning],
      ['text', this.#text],
    ] as const) {
      if (text === '') continue;
      const verdict = await this.#gate(text, turn.subject);
      turn.steps.push(...verdict.steps);
      if (verdict.blockedBy !== null) return verdict.blockedBy;
      if (verdict.flaggedBy !== null) turn.reply.flag(verdict.flaggedBy);
      passed.push({ type, text: verdict.text });
    }
    for (const part of [...passed, ...this.#others]) turn.reply.add(part);
    return null;
  }
}
