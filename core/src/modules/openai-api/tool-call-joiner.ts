import type { CompletedCall } from './completion-presenter.ts';

export interface CallPiece {
  index: number;
  id?: string;
  name?: string;
  arguments: string;
}

/** Joins the pieces of tool calls by index; ids that a provider left out are made. */
export class ToolCallJoiner {
  readonly #calls = new Map<number, CompletedCall>();
  readonly #makeId: () => string;

  constructor(makeId: () => string) {
    this.#makeId = makeId;
  }

  /** Returns the call when this was its first piece. */
  add(piece: CallPiece): CompletedCall | null {
    const known = this.#calls.get(piece.index);
    if (known !== undefined) {
      known.arguments += piece.arguments;
      return null;
    }
    const call = { id: piece.id || this.#makeId(), name: piece.name ?? '', arguments: piece.arguments };
    this.#calls.set(piece.index, call);
    return call;
  }

  calls(): CompletedCall[] {
    return [...this.#calls].toSorted(([a], [b]) => a - b).map(([, call]) => call);
  }
}
