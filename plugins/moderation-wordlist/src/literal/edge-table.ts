/**
 * From a node and a symbol to a node, in flat arrays: long lists have hundreds of thousands of edges, and a list has to be
 * ready within one short entry into the sandbox, so nothing is allocated per edge.
 */
export class EdgeTable {
  #nodes = new Int32Array(64).fill(-1);
  #symbols = new Int32Array(64);
  #targets = new Int32Array(64);
  #size = 0;

  /** The target, or -1. */
  get(node: number, symbol: number): number {
    const slot = this.#slot(node, symbol);
    return this.#nodes[slot] === -1 ? -1 : (this.#targets[slot] ?? -1);
  }

  /** The edge must be new. */
  add(node: number, symbol: number, target: number): void {
    if (++this.#size * 2 > this.#nodes.length) this.#grow();
    this.#put(node, symbol, target);
  }

  #put(node: number, symbol: number, target: number): void {
    const slot = this.#slot(node, symbol);
    this.#nodes[slot] = node;
    this.#symbols[slot] = symbol;
    this.#targets[slot] = target;
  }

  /** Where the edge is, or would be. */
  #slot(node: number, symbol: number): number {
    const nodes = this.#nodes;
    const mask = nodes.length - 1;
    let hash = Math.imul(node, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      if (nodes[slot] === -1 || (nodes[slot] === node && this.#symbols[slot] === symbol)) return slot;
    }
  }

  #grow(): void {
    const [nodes, symbols, targets] = [this.#nodes, this.#symbols, this.#targets];
    const size = nodes.length * 2;
    this.#nodes = new Int32Array(size).fill(-1);
    this.#symbols = new Int32Array(size);
    this.#targets = new Int32Array(size);
    for (let slot = 0; slot < nodes.length; slot++) {
      const node = nodes[slot] ?? -1;
      if (node !== -1) this.#put(node, symbols[slot] ?? 0, targets[slot] ?? 0);
    }
  }
}
