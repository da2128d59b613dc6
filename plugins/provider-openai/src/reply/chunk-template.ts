import { asArray, asObject, parseJson } from '../json.ts';

/** What does not stand for itself in a JSON string: its quote, the backslash and control characters. */
const special = /[^ !#-[\]-\uffff]/;
/** A template has to serve this many chunks to be worth having learnt. */
const worthwhile = 4;
const mostTries = 3;

/**
 * The chunks of a stream mostly differ in nothing but the text they bring. What stands around it is learnt from one chunk, and the
 * next ones are read by comparing, which costs a fraction of parsing them. Sound because a text without quotes, backslashes and
 * control characters can only be the inside of the one string that was replaced.
 */
export class ChunkTemplate {
  #before = '';
  #after = '';
  #hits = 0;
  #tries = 0;

  /** Servers that change something in every chunk (a time, a filler) are not worth trying for ever. */
  get isLearning(): boolean {
    return this.#tries < mostTries || this.#hits >= worthwhile;
  }

  /** The text of a chunk that is like the one learnt from; undefined: it has to be parsed. */
  textOf(data: string): string | undefined {
    const from = this.#before.length;
    const to = data.length - this.#after.length;
    if (from === 0 || to < from) return undefined;
    // Four times faster than `startsWith` and `endsWith`, which look at one character after the other.
    if (data.slice(0, from) !== this.#before || data.slice(to) !== this.#after) return undefined;
    const text = data.slice(from, to);
    if (special.test(text)) return undefined;
    this.#hits += 1;
    return text;
  }

  /** From a chunk that brought this text in `choices[0].delta.content` and nothing else. */
  learn(data: string, text: string): void {
    if (text === '' || special.test(text)) return;
    this.#tries = this.#hits >= worthwhile ? 1 : this.#tries + 1;
    this.#hits = 0;
    this.#before = '';
    const at = data.indexOf(`"${text}"`, data.indexOf('"content"')) + 1;
    const probe = `${text}.`;
    const whole = data.slice(0, at) + probe + data.slice(at + text.length);
    const choice = asObject(asArray(asObject(parseJson(whole))['choices'])[0]);
    if (asObject(choice['delta'])['content'] !== probe) return;
    // Cut from this small text and not from `data`, which is a view of everything that came with it.
    this.#before = whole.slice(0, at);
    this.#after = whole.slice(at + probe.length);
  }
}
