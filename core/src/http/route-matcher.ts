/** Finds the entry for a method and a path among `METHOD /path/:param` names. */
export interface RouteMatch<T> {
  entry: T;
  params: Record<string, string>;
}

interface Node<T> {
  fixed: Map<string, Node<T>>;
  named: { name: string; node: Node<T> } | null;
  entries: Map<string, T>;
}

export interface RouteMatcher<T> {
  add(route: string, entry: T): void;
  /** A list names the methods that exist at this path when the one asked for does not. */
  find(method: string, path: string): RouteMatch<T> | { allow: string[] } | null;
}

/** A tree of path segments: the cost of a match does not grow with the number of routes. */
export function createRouteMatcher<T>(): RouteMatcher<T> {
  const root: Node<T> = makeNode();
  return {
    add(route, entry) {
      const [method = '', path = ''] = route.split(' ');
      let node = root;
      for (const segment of path.split('/').slice(1)) node = child(node, segment);
      if (node.entries.has(method)) throw new Error(`the route ${route} is declared twice`);
      node.entries.set(method, entry);
    },
    find(method, path) {
      const params: Record<string, string> = {};
      const node = descend(root, path.split('/').slice(1), 0, params);
      if (node === null) return null;
      const entry = node.entries.get(method);
      return entry === undefined ? { allow: [...node.entries.keys()].toSorted() } : { entry, params };
    },
  };
}

function makeNode<T>(): Node<T> {
  return { fixed: new Map(), named: null, entries: new Map() };
}

function child<T>(node: Node<T>, segment: string): Node<T> {
  if (segment.startsWith(':')) {
    const name = segment.slice(1);
    node.named ??= { name, node: makeNode() };
    if (node.named.name !== name) throw new Error(`:${name} and :${node.named.name} stand at the same place`);
    return node.named.node;
  }
  const existing = node.fixed.get(segment) ?? makeNode<T>();
  node.fixed.set(segment, existing);
  return existing;
}

function descend<T>(node: Node<T>, segments: string[], at: number, params: Record<string, string>): Node<T> | null {
  const segment = segments[at];
  if (segment === undefined) return node.entries.size > 0 ? node : null;
  const fixed = node.fixed.get(segment);
  const found = fixed === undefined ? null : descend(fixed, segments, at + 1, params);
  if (found !== null || node.named === null || segment === '') return found;
  const value = decode(segment);
  if (value === null) return null;
  params[node.named.name] = value;
  return descend(node.named.node, segments, at + 1, params);
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    // A broken %-escape names nothing we have.
    if (error instanceof URIError) return null;
    throw error;
  }
}
