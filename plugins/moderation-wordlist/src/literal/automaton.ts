import type { Steps } from '../steps.ts';
import { EdgeTable } from './edge-table.ts';

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
  edges: Pick<EdgeTable, 'get'>;
  /** The node of the longest shorter suffix. */
  fail: Int32Array;
  /** Length of the text a node stands for. */
  depth: Int32Array;
  /** The words that end at a node; several can be one after folding. */
  ends: ReadonlyMap<number, readonly Literal[]>;
  /** The nearest node on the way of `fail` where a word ends; 0 for none. */
  nextEnd: Int32Array;
  /** 1 where a word below this node may begin inside of another word. */
  anywhere: Uint8Array;
  longest: number;
}

export function* buildAutomaton(words: readonly Literal[]): Steps<Automaton> {
  const edges = new EdgeTable();
  const mostNodes = words.reduce((sum, word) => sum + word.symbols.length, 1);
  const longest = words.reduce((most, word) => Math.max(most, word.symbols.length), 0);
  const parent = new Int32Array(mostNodes);
  const last = new Int32Array(mostNodes);
  const depth = new Int32Array(mostNodes);
  const anywhere = new Uint8Array(mostNodes);
  const ends = new Map<number, Literal[]>();
  /** Nodes by the length of their text. */
  const levels: number[][] = Array.from({ length: longest + 1 }, () => []);
  let count = 1;
  for (const word of words) {
    yield;
    let node = 0;
    for (const symbol of word.symbols) {
      let child = edges.get(node, symbol);
      if (child === -1) {
        child = count++;
        edges.add(node, symbol, child);
        parent[child] = node;
        last[child] = symbol;
        depth[child] = (depth[node] ?? 0) + 1;
        levels[depth[child] ?? 0]?.push(child);
      }
      node = child;
      if (!word.wholeWord) anywhere[node] = 1;
    }
    const same = ends.get(node);
    if (same) same.push(word);
    else ends.set(node, [word]);
  }

  const fail = new Int32Array(count);
  const nextEnd = new Int32Array(count);
  // Shorter texts first, because a suffix is always shorter than the text it belongs to.
  for (const level of levels) {
    for (const node of level) {
      yield;
      const above = parent[node] ?? 0;
      const suffix = above === 0 ? 0 : follow(edges, fail, fail[above] ?? 0, last[node] ?? 0);
      fail[node] = suffix;
      nextEnd[node] = ends.has(suffix) ? suffix : (nextEnd[suffix] ?? 0);
    }
  }
  return { edges, fail, depth, ends, nextEnd, anywhere, longest };
}

/** The node after one more symbol. */
export function follow(edges: Pick<EdgeTable, 'get'>, fail: Int32Array, node: number, symbol: number): number {
  for (let at = node; ; at = fail[at] ?? 0) {
    const child = edges.get(at, symbol);
    if (child !== -1) return child;
    if (at === 0) return 0;
  }
}
