/** A word as the automaton knows it. */
export interface Literal {
  symbols: readonly number[];
  wholeWord: boolean;
  rule: number;
}

/**
 * Aho-Corasick: all words at once, one step per symbol however many words there are. Nodes are numbers, 0 is the root;
 * columns are arrays over nodes, which is smaller and faster than an object per node.
 */
export interface Automaton {
  edges: ReadonlyMap<number, number>;
  /** The node of the longest shorter suffix. */
  fail: Int32Array;
  /** Length of the text a node stands for. */
  depth: Int32Array;
  /** The words that end at a node; several can be one after folding. */
  ends: readonly (readonly Literal[] | undefined)[];
  /** The nearest node on the way of `fail` where a word ends; 0 for none. */
  nextEnd: Int32Array;
  /** 1 where a word below this node may begin inside of another word. */
  anywhere: Uint8Array;
  longest: number;
}

const symbolSpace = 0x110000;
export function edgeKey(node: number, symbol: number): number {
  return node * symbolSpace + symbol;
}

export function buildAutomaton(words: readonly Literal[]): Automaton {
  const edges = new Map<number, number>();
  const parents: number[] = [0];
  const symbols: number[] = [0];
  const depths: number[] = [0];
  const ends: Literal[][] = [];
  const anywhereList: number[] = [0];
  for (const word of words) {
    let node = 0;
    for (const symbol of word.symbols) {
      const key = edgeKey(node, symbol);
      let child = edges.get(key);
      if (child === undefined) {
        child = parents.length;
        edges.set(key, child);
        parents.push(node);
        symbols.push(symbol);
        depths.push((depths[node] ?? 0) + 1);
        anywhereList.push(0);
      }
      node = child;
      if (!word.wholeWord) anywhereList[node] = 1;
    }
    (ends[node] ??= []).push(word);
  }

  const fail = new Int32Array(parents.length);
  const nextEnd = new Int32Array(parents.length);
  const anywhere = Uint8Array.from(anywhereList);
  // Breadth first, because a suffix is always shorter than the text it belongs to.
  const byDepth = parents.map((_, node) => node).toSorted((a, b) => (depths[a] ?? 0) - (depths[b] ?? 0));
  for (const node of byDepth) {
    if (node === 0) continue;
    const parent = parents[node] ?? 0;
    const suffix = parent === 0 ? 0 : follow(edges, fail, fail[parent] ?? 0, symbols[node] ?? 0);
    fail[node] = suffix;
    nextEnd[node] = ends[suffix] === undefined ? (nextEnd[suffix] ?? 0) : suffix;
  }
  return {
    edges,
    fail,
    depth: Int32Array.from(depths),
    ends,
    nextEnd,
    anywhere,
    longest: depths.reduce((most, depth) => Math.max(most, depth), 0),
  };
}

/** The node after one more symbol. */
export function follow(edges: ReadonlyMap<number, number>, fail: Int32Array, node: number, symbol: number): number {
  for (let at = node; ; at = fail[at] ?? 0) {
    const child = edges.get(edgeKey(at, symbol));
    if (child !== undefined) return child;
    if (at === 0) return 0;
  }
}
