import { jsonStringify, getPrototypeOf } from './primordials.ts';

const kinds = ['providers', 'promptTransforms', 'moderators', 'streamFilters'];

/** What the plugin's default export offers, as names only: `{ providers: { main: ['chat', 'listModels'] } }`. */
export function inspectPlugin(plugin: unknown): string {
  if (typeof plugin !== 'object' || plugin === null)
    throw new TypeError('the default export must be definePlugin({ … })');
  const found: Record<string, Record<string, string[]>> = {};
  for (const kind of kinds) {
    const group = (plugin as Record<string, unknown>)[kind];
    if (typeof group !== 'object' || group === null) continue;
    found[kind] = {};
    for (const id of Object.keys(group)) found[kind][id] = methodsOf((group as Record<string, unknown>)[id]);
  }
  return jsonStringify(found);
}

function methodsOf(owner: unknown): string[] {
  const names: string[] = [];
  for (
    let level = owner;
    typeof level === 'object' && level !== null && level !== Object.prototype;
    level = getPrototypeOf(level) as unknown
  ) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (typeof (owner as Record<string, unknown>)[name] === 'function') names.push(name);
    }
  }
  return names;
}
