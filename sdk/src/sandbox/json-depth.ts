/** True when JSON text nests at most `limit` levels. Looked at before parsing: later code walks the value by recursion. */
export function isShallowJson(json: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < json.length; i += 1) {
    const code = json.charCodeAt(i);
    if (inString) {
      if (code === 92) i += 1;
      else if (code === 34) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > limit) return false;
    } else if (code === 93 || code === 125) depth -= 1;
  }
  return true;
}
