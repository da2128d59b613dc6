import type { TextFrame } from '@parley/sdk/plugin';
import { asArray, asObject, parseJson } from '../json.ts';

/** What does not stand for itself in a JSON string: its quote, the backslash and control characters. */
const special = /[^ !#-[\]-\uffff]/;
/** A template has to serve this many chunks to be worth having learnt. */
const worthwhile = 4;
const mostTries = 3;

/**
 * The chunks of a stream mostly differ in nothing but the text they bring. What stands around it is learnt from one chunk; the host
 * then takes the text out of the next ones, which never enter the plugin.
 */
export class ChunkTemplate {
  #frame: TextFrame | undefined;
  #passed = 0;
  #passedBefore = 0;
  #tries = 0;

  get frame(): TextFrame | undefined {
    return this.#frame;
  }
  /** Servers that change something in every chunk (a time, a filler) are not worth trying for ever. */
  get isLearning(): boolean {
    return this.#tries < mostTries || this.#isWorthwhile;
  }
  get #isWorthwhile(): boolean {
    return this.#passed - this.#passedBefore >= worthwhile;
  }

  /** How many chunks were like a frame of this template until now. */
  notePassed(chunks: number): void {
    this.#passed = chunks;
  }

  /** From a chunk that brought this text in `choices[0].delta.content` and nothing else. */
  learn(data: string, text: string): void {
    if (text === '' || special.test(text) || this.#fits(data)) return;
    this.#tries = this.#isWorthwhile ? 1 : this.#tries + 1;
    this.#passedBefore = this.#passed;
    this.#frame = undefined;
    const at = data.indexOf(`"${text}"`, data.indexOf('"content"')) + 1;
    const probe = `${text}.`;
    const whole = data.slice(0, at) + probe + data.slice(at + text.length);
    const choice = asObject(asArray(asObject(parseJson(whole))['choices'])[0]);
    if (asObject(choice['delta'])['content'] !== probe) return;
    this.#frame = { before: whole.slice(0, at), after: whole.slice(at + probe.length) };
  }

  #fits(data: string): boolean {
    return this.#frame !== undefined && data.startsWith(this.#frame.before) && data.endsWith(this.#frame.after);
  }
}
