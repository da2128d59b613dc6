import type { z } from 'zod';

import { type ManifestProblem, manifestRuleProblems } from './manifest-rules.ts';
import { PluginManifest } from './plugin-manifest.ts';

export type { ManifestProblem } from './manifest-rules.ts';

export type ManifestValidation = { ok: true; manifest: PluginManifest } | { ok: false; problems: ManifestProblem[] };

/** The one validator of manifests: installing, the author's command and the registry all say the same. */
export function validateManifest(json: unknown): ManifestValidation {
  const parsed = PluginManifest.safeParse(json);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.flatMap((issue) => describe(issue, [])) };
  const problems = manifestRuleProblems(parsed.data);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, manifest: parsed.data };
}

type Issue = z.core.$ZodIssue;

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

/** Sentences for people who have the file open; long lists and values are cut. */
function describe(issue: Issue, parent: readonly PropertyKey[]): ManifestProblem[] {
  const full = [...parent, ...issue.path];
  const path = pathText(full);
  const say = (problem: string, fix: string): ManifestProblem[] => [{ path, problem, fix }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: pathText([...full, key]),
        problem: 'is not a known key',
        fix: 'Remove it, or check its spelling against the schema',
      }));
    case 'invalid_type':
      return issue.input === undefined && issue.message.endsWith('received undefined')
        ? say('is missing', `Add it: ${article(issue.expected)}`)
        : say(`is not ${article(issue.expected)}`, `Write ${article(issue.expected)}`);
    case 'invalid_value':
      return say(
        'has a value that is not allowed',
        `Write ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`,
      );
    case 'too_small':
      return say('is too short or too small', `Use at least ${issue.minimum}${unit(issue.origin)}`);
    case 'too_big':
      return say('is too long or too large', `Use at most ${issue.maximum}${unit(issue.origin)}`);
    case 'invalid_union': {
      // The branch with the fewest complaints is the one that was meant.
      const nearest = issue.errors.toSorted((a, b) => weight(a) - weight(b))[0] ?? [];
      return nearest.length > 0
        ? nearest.flatMap((inner) => describe(inner, full))
        : say('fits none of the allowed forms', 'See the schema for the forms it can take');
    }
    case 'invalid_format':
      return say('has a form that is not allowed', formFix(full, issue));
    default:
      return say(issue.message, 'See the schema of parley.plugin.json');
  }
}

function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

function article(type: string): string {
  if (type === 'int') return 'a whole number';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function unit(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' entries' : '';
}

/** By the last name in the path: what such a value looks like. */
const examples: Record<string, string> = {
  id: 'lower-case letters, digits and dashes; the plugin itself reads publisher.name',
  version: 'three numbers as in 1.4.0',
  host: 'a host name as in api.example.com, or *.example.com',
  fromSetting: 'letters, digits and underscores, beginning with a letter',
  name: 'letters, digits and underscores, beginning with a letter',
  pathPrefix: 'a path that begins with /',
  secrets: 'letters, digits and underscores, beginning with a letter',
};

function formFix(path: readonly PropertyKey[], issue: Issue): string {
  const name = path.findLast((part) => typeof part === 'string');
  const example = typeof name === 'string' ? examples[name] : undefined;
  return example ? `Write ${example}` : issue.message;
}
