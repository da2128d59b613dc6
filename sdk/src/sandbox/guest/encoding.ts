import { DOMException } from './dom-exception.ts';
import { isBytes, viewBytes } from './latin1.ts';
import { encodeUtf8, Utf8Decoder } from './utf8.ts';

export class TextEncoder {
  readonly encoding = 'utf-8';
  encode(text = ''): Uint8Array<ArrayBuffer> {
    return encodeUtf8(String(text));
  }
}

export class TextDecoder {
  readonly encoding = 'utf-8';
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  #decoder: Utf8Decoder;
  #isFirst = true;

  constructor(label = 'utf-8', options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
    if (!/^\s*(utf-?8|unicode-1-1-utf-8)\s*$/i.test(label)) throw new RangeError('only utf-8 is decoded');
    this.fatal = options.fatal === true;
    this.ignoreBOM = options.ignoreBOM === true;
    this.#decoder = new Utf8Decoder(this.fatal);
  }

  decode(source?: unknown, options: { stream?: boolean } = {}): string {
    if (source !== undefined && !isBytes(source))
      throw new TypeError('expected bytes: an ArrayBuffer or a view of one');
    const decoder = this.#decoder;
    let text = source === undefined ? '' : decoder.write(viewBytes(source));
    if (options.stream !== true) text += decoder.end();
    if (this.#isFirst && text !== '') {
      this.#isFirst = false;
      if (!this.ignoreBOM && text.charCodeAt(0) === 0xfeff) text = text.slice(1);
    }
    if (options.stream !== true) this.#isFirst = true;
    return text;
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const values = new Map(Array.from(alphabet, (character, value) => [character, value]));

export function btoa(data: unknown): string {
  const text = String(data);
  let result = '';
  for (let i = 0; i < text.length; i += 3) {
    const [a, b, c] = [text.charCodeAt(i), text.charCodeAt(i + 1), text.charCodeAt(i + 2)];
    if (a > 255 || b > 255 || c > 255)
      throw new DOMException('a character is outside of Latin1', 'InvalidCharacterError');
    result += alphabet[a >> 2]! + alphabet[((a & 3) << 4) | (b >> 4)]!;
    result += i + 1 < text.length ? alphabet[((b & 15) << 2) | (c >> 6)]! : '=';
    result += i + 2 < text.length ? alphabet[c & 63]! : '=';
  }
  return result;
}

export function atob(data: unknown): string {
  let text = String(data).replace(/[\t\n\f\r ]/g, '');
  if (text.length % 4 === 0) text = text.replace(/==?$/, '');
  if (text.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(text)) {
    throw new DOMException('the text is not base64', 'InvalidCharacterError');
  }
  let result = '';
  for (let i = 0; i < text.length; i += 4) {
    const [a, b, c, d] = [0, 1, 2, 3].map((offset) => values.get(text[i + offset] ?? 'A')!) as [
      number,
      number,
      number,
      number,
    ];
    result += String.fromCharCode((a << 2) | (b >> 4));
    if (i + 2 < text.length) result += String.fromCharCode(((b & 15) << 4) | (c >> 2));
    if (i + 3 < text.length) result += String.fromCharCode(((c & 3) << 6) | d);
  }
  return result;
}
