/**
 * Plugin text that walks everything one can get hold of, by property, accessor and prototype, and reports what does not belong to its
 * own realm. An object of the host would have a prototype chain that ends elsewhere than here, or the name of an engine's class.
 */
export const walkRealm = `
const ownObject = Object.prototype, ownFunction = Function.prototype;
const hostNames = /^(Reference|ExternalCopy|Isolate|Context|Module|Script|Callback|NativeModule|Inspector|process|Buffer|Socket|ClientRequest|IncomingMessage|EventEmitter)$/;
function walk(roots) {
  const seen = new Set();
  const strange = [];
  const queue = [];
  const add = (value, path) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    queue.push([value, path]);
  };
  for (const [name, root] of Object.entries(roots)) add(root, name);
  while (queue.length > 0) {
    const [value, path] = queue.pop();
    let top = value;
    for (let i = 0; i < 50 && Object.getPrototypeOf(top) !== null; i++) top = Object.getPrototypeOf(top);
    if (top !== ownObject && Object.getPrototypeOf(value) !== null) strange.push(path + ' has a foreign prototype');
    if (typeof value === 'function' && !(value instanceof Function) && Object.getPrototypeOf(value) !== null) {
      let chain = value; let own = false;
      while ((chain = Object.getPrototypeOf(chain)) !== null) if (chain === ownFunction) own = true;
      if (!own && value !== ownFunction) strange.push(path + ' is a foreign function');
    }
    let name = '';
    try { name = String(Object.getOwnPropertyDescriptor(value, 'name')?.value ?? ''); } catch {}
    if (hostNames.test(name)) strange.push(path + ' is named ' + name);
    const tag = Object.prototype.toString.call(value);
    if (/External|Reference|Isolate/.test(tag)) strange.push(path + ' is ' + tag);
    add(Object.getPrototypeOf(value), path + '.__proto__');
    for (const key of Reflect.ownKeys(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      const next = path + '.' + String(key);
      if (!descriptor) continue;
      add(descriptor.value, next); add(descriptor.get, next + '(get)'); add(descriptor.set, next + '(set)');
      if (descriptor.get) { try { add(value[key], next); } catch (thrown) { add(thrown, next + '(thrown)'); } }
    }
  }
  return { visited: seen.size, strange: strange.slice(0, 20) };
}
`;
