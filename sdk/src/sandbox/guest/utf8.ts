/** UTF-8 by the encoding standard's own decoder, byte by byte, so that text cut anywhere decodes the same. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    let point = text.charCodeAt(i);
    if (point >= 0xd800 && point <= 0xdfff) {
      const next = point < 0xdc00 ? text.charCodeAt(i + 1) : 0;
      if (next >= 0xdc00 && next <= 0xdfff) {
        point = 0x10000 + ((point - 0xd800) << 10) + (next - 0xdc00);
        i += 1;
      } else point = 0xfffd;
    }
    if (point < 0x80) bytes[length++] = point;
    else if (point < 0x800) {
      bytes[length++] = 0xc0 | (point >> 6);
      bytes[length++] = 0x80 | (point & 63);
    } else if (point < 0x10000) {
      bytes[length++] = 0xe0 | (point >> 12);
      bytes[length++] = 0x80 | ((point >> 6) & 63);
      bytes[length++] = 0x80 | (point & 63);
    } else {
      bytes[length++] = 0xf0 | (point >> 18);
      bytes[length++] = 0x80 | ((point >> 12) & 63);
      bytes[length++] = 0x80 | ((point >> 6) & 63);
      bytes[length++] = 0x80 | (point & 63);
    }
  }
  return bytes.slice(0, length);
}

export class Utf8Decoder {
  readonly #fatal: boolean;
  #point = 0;
  #needed = 0;
  #seen = 0;
  #lower = 0x80;
  #upper = 0xbf;

  constructor(fatal: boolean) {
    this.#fatal = fatal;
  }

  write(bytes: Uint8Array): string {
    const pieces: string[] = [];
    let units: number[] = [];
    const flush = (): void => {
      pieces.push(Reflect.apply(String.fromCharCode, undefined, units));
      units = [];
    };
    for (let i = 0; i < bytes.length; i += 1) {
      if (units.length > 4096) flush();
      const byte = bytes[i]!;
      if (this.#needed === 0) {
        if (byte < 0x80) units.push(byte);
        else if (byte >= 0xc2 && byte <= 0xdf) this.#begin(1, byte & 31);
        else if (byte >= 0xe0 && byte <= 0xef) {
          if (byte === 0xe0) this.#lower = 0xa0;
          if (byte === 0xed) this.#upper = 0x9f;
          this.#begin(2, byte & 15);
        } else if (byte >= 0xf0 && byte <= 0xf4) {
          if (byte === 0xf0) this.#lower = 0x90;
          if (byte === 0xf4) this.#upper = 0x8f;
          this.#begin(3, byte & 7);
        } else units.push(this.#broken());
        continue;
      }
      if (byte < this.#lower || byte > this.#upper) {
        this.#reset();
        units.push(this.#broken());
        i -= 1;
        continue;
      }
      this.#lower = 0x80;
      this.#upper = 0xbf;
      this.#point = (this.#point << 6) | (byte & 63);
      this.#seen += 1;
      if (this.#seen < this.#needed) continue;
      const point = this.#point;
      this.#reset();
      if (point < 0x10000) units.push(point);
      else units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 1023));
    }
    flush();
    return pieces.length === 1 ? pieces[0]! : pieces.join('');
  }

  end(): string {
    if (this.#needed === 0) return '';
    this.#reset();
    return String.fromCharCode(this.#broken());
  }

  #begin(needed: number, bits: number): void {
    this.#needed = needed;
    this.#seen = 0;
    this.#point = bits;
  }
  #reset(): void {
    this.#needed = 0;
    this.#lower = 0x80;
    this.#upper = 0xbf;
  }
  #broken(): number {
    if (this.#fatal) throw new TypeError('The encoded data was not valid for encoding utf-8');
    return 0xfffd;
  }
}
