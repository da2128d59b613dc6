/** One statement that a client of PostgreSQL has executed. */
export interface Statement {
  /** Its name and its text. */
  words: string;
  /** What it was given, as far as it is text. */
  values: string;
}

const PARSE = 0x50;
const BIND = 0x42;
const QUERY = 0x51;
/** Of a message after the first one: its type and its length. */
const HEAD_BYTES = 5;

/** Reads what one connection says to PostgreSQL: prepared statements are known by their text each time they are bound. */
export class StatementReader {
  readonly #texts = new Map<string, string>();
  #rest: Buffer = Buffer.alloc(0);
  #hasIntroducedItself = false;

  /** Those that this piece completes. */
  read(piece: Buffer): Statement[] {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const statements: Statement[] = [];
    for (let message = this.#next(); message !== null; message = this.#next()) {
      const statement = this.#understand(message);
      if (statement !== null) statements.push(statement);
    }
    return statements;
  }

  #next(): Buffer | null {
    // The first message has no type; its length comes first.
    const typeBytes = this.#hasIntroducedItself ? 1 : 0;
    if (this.#rest.length < HEAD_BYTES) return null;
    const length = typeBytes + this.#rest.readInt32BE(typeBytes);
    if (this.#rest.length < length) return null;
    const message = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    if (this.#hasIntroducedItself) return message;
    this.#hasIntroducedItself = true;
    return this.#next();
  }

  #understand(message: Buffer): Statement | null {
    const [first = '', second = ''] = message.toString('utf8', HEAD_BYTES).split('\0', 2);
    switch (message[0]) {
      case PARSE:
        this.#texts.set(first, second);
        return null;
      case BIND:
        return { words: `${second} ${this.#texts.get(second) ?? ''}`, values: message.toString('utf8', HEAD_BYTES) };
      case QUERY:
        return { words: first, values: '' };
      default:
        return null;
    }
  }
}
