import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

export interface CollectedModule {
  url: string;
  source: string;
  /** As written in the source, in order. */
  imports: string[];
}

const importPattern = /^(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]/gm;

/** A module and all it imports by relative path, without types, importers after what they import. */
export async function collectModules(entry: URL): Promise<CollectedModule[]> {
  const found = new Map<string, CollectedModule | 'open'>();

  async function visit(url: URL): Promise<void> {
    const known = found.get(url.href);
    if (known === 'open') throw new Error(`import cycle at ${url.href}`);
    if (known !== undefined) return;
    found.set(url.href, 'open');
    const text = await readFile(fileURLToPath(url), 'utf8');
    const source = url.pathname.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
    const imports = [...source.matchAll(importPattern)].map((match) => match[1] ?? match[2]!);
    for (const specifier of imports) if (specifier.startsWith('.')) await visit(new URL(specifier, url));
    // Deleted first, so that the order of the map is the order in which modules were finished.
    found.delete(url.href);
    found.set(url.href, { url: url.href, source, imports });
  }

  await visit(entry);
  return [...found.values()] as CollectedModule[];
}
