import type { CollectedModule } from './collect-modules.ts';

const importStatement = /^import\s*\{([^}]*)\}\s*from\s*['"]([^'"]+)['"];?/gm;
const exportedName = /^export\s+(?:async\s+)?(?:function\*?|class|const|let)\s+([A-Za-z_$][\w$]*)/gm;
const exportedPattern = /^export\s+const\s*\{([^}]*)\}\s*=/gm;

/**
 * The guest runtime as one script: a strict function of the host's callback that returns `enter`. Our own few modules keep to
 * `import { a, b as c }` and plain exports, so a bundler with its own binaries is not needed at run time.
 */
export function joinGuest(modules: CollectedModule[]): string {
  const names = new Map(modules.map((module, index) => [module.url, `module${index}`]));
  const nameOf = (specifier: string, from: string): string => {
    const name = names.get(new URL(specifier, from).href);
    if (name === undefined) throw new Error(`guest code cannot import ${specifier}`);
    return name;
  };
  const bodies = modules.map((module) => {
    const exported: string[] = [];
    let body = module.source;
    for (const match of body.matchAll(exportedName)) exported.push(match[1]!);
    for (const match of body.matchAll(exportedPattern))
      exported.push(...listNames(match[1]!).map(({ local }) => local));
    body = body.replace(
      importStatement,
      (_, list: string, specifier: string) => `const {${destructured(list)}} = ${nameOf(specifier, module.url)};`,
    );
    body = body.replace(/^export\s+(?=(async|function|class|const|let)\b)/gm, '');
    if (/^(import|export)\b/m.test(body)) throw new Error(`unsupported import or export in ${module.url}`);
    return `const ${names.get(module.url)!} = (() => {\n${body}\nreturn { ${exported.join(', ')} };\n})();`;
  });
  const entry = names.get(modules.at(-1)!.url)!;
  return `(function (parleyHost) {\n'use strict';\n${bodies.join('\n')}\nreturn ${entry}.enter;\n})`;
}

function listNames(list: string): { imported: string; local: string }[] {
  return list
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [imported, local] = part.split(/\s+as\s+|\s*:\s*/);
      return { imported: imported!, local: local ?? imported! };
    });
}
function destructured(list: string): string {
  return listNames(list)
    .map(({ imported, local }) => (imported === local ? imported : `${imported}: ${local}`))
    .join(', ');
}
