import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { FieldProblem } from '@parley/sdk/contract';

const ajv = new Ajv2020({
  allErrors: true,
  useDefaults: true,
  strict: false,
  /** Formats and unknown keywords are hints for the form (`textarea`, `password`); the schema is the plugin's, not ours to refuse. */
  validateFormats: false,
});

export type SettingsCheck = { ok: true; settings: Record<string, unknown> } | { ok: false; problems: FieldProblem[] };

/** Checks settings against a plugin's JSON Schema and fills in its defaults. */
export function checkSettings(
  schema: Record<string, unknown> | undefined,
  settings: Record<string, unknown>,
): SettingsCheck {
  if (schema === undefined) return { ok: true, settings: {} };
  const filled = structuredClone(settings);
  if (compile(schema)(filled)) return { ok: true, settings: filled };
  return { ok: false, problems: (compile(schema).errors ?? []).map(presentProblem) };
}

const compiled = new WeakMap<object, ReturnType<typeof ajv.compile>>();
function compile(schema: Record<string, unknown>) {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const { $schema: _dialect, $id: _id, ...plain } = schema;
  const validate = ajv.compile({ type: 'object', ...plain });
  compiled.set(schema, validate);
  return validate;
}

function presentProblem(error: ErrorObject): FieldProblem {
  const missing = error.keyword === 'required' ? `/${String(error.params.missingProperty)}` : '';
  return {
    path: ['settings', ...(error.instancePath + missing).split('/').filter((step) => step !== '')].join('.'),
    code: error.keyword,
    message: error.keyword === 'required' ? 'is required' : (error.message ?? 'is not valid'),
  };
}
