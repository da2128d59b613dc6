import * as contract from '@parley/sdk/contract';
import { z } from 'zod';
import type { RouteDefinition } from './route-types.ts';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of every route of the contract. Named schemas of the contract become components. */
export function openApiDocument(routes: Readonly<Record<string, RouteDefinition>>, version: string): Json {
  const components: Json = {};
  const paths: Record<string, Json> = {};
  for (const [name, definition] of Object.entries(routes)) {
    const [method = '', path = ''] = name.split(' ');
    const place = path.replace(/:(\w+)/g, '{$1}');
    paths[place] = { ...paths[place], [method.toLowerCase()]: operation(definition, place, components) };
  }
  schemaFor(contract.Problem, 'output', components);
  return {
    openapi: '3.1.0',
    info: { title: 'Parley', version, license: { name: 'MIT' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'parley_session' },
        apiKey: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

function operation(definition: RouteDefinition, path: string, components: Json): Json {
  const problem = {
    description: 'A refusal',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return {
    summary: definition.summary,
    tags: [path.split('/')[2] ?? 'api'],
    security: definition.access === 'public' ? [] : [{ session: [] }, { apiKey: [] }],
    parameters: [...parameters(definition.params, 'path'), ...parameters(definition.query, 'query')],
    ...(definition.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaFor(definition.body, 'input', components) } },
          },
        }),
    responses: { [successStatus(definition)]: success(definition, components), default: problem },
  };
}

function successStatus(definition: RouteDefinition): string {
  const empty = definition.response === undefined && definition.produces === undefined;
  return String(definition.status ?? (empty ? 204 : 200));
}

function success(definition: RouteDefinition, components: Json): Json {
  if (definition.produces !== undefined) {
    return { description: 'A stream', content: { [definition.produces]: { schema: { type: 'string' } } } };
  }
  if (definition.response === undefined) return { description: 'Done' };
  return {
    description: 'Done',
    content: { 'application/json': { schema: schemaFor(definition.response, 'output', components) } },
  };
}

function parameters(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

const named = z.registry<{ id: string }>();
for (const [name, value] of Object.entries(contract)) {
  if (value instanceof z.ZodType && !named.has(value)) named.add(value, { id: name });
}

/** Definitions that zod puts beside a schema are moved to the document's components. */
function schemaFor(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any', metadata: named });
  const renamed = new Map(
    Object.entries($defs).map(([name, definition]) => [name, componentName(name, definition, io, components)]),
  );
  for (const [name, definition] of Object.entries($defs)) {
    components[renamed.get(name)!] = relink(withoutId(definition), renamed);
  }
  return relink(own, renamed);
}

/** A schema with defaults or transforms reads differently on its way in and out; the way in then has a name of its own. */
function componentName(given: string, definition: object, io: 'input' | 'output', components: Json): string {
  // The only schema of the contract that is recursive without a name of its own is `z.json()`.
  const name = given.startsWith('__schema') ? 'Json' : given;
  const existing = components[name];
  const same =
    existing === undefined ||
    JSON.stringify(withoutRefs(existing)) === JSON.stringify(withoutRefs(withoutId(definition)));
  return same ? name : `${name}${io === 'input' ? 'Input' : 'Output'}`;
}

function withoutId(definition: object): Json {
  const { id: _, ...rest } = definition as Json;
  return rest;
}

function withoutRefs(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === '$ref' ? '' : inner)));
}

function relink(value: object, renamed: ReadonlyMap<string, string>): Json {
  const text = JSON.stringify(value, (key, inner: unknown) => {
    if (key !== '$ref' || typeof inner !== 'string') return inner;
    const name = inner.split('/').at(-1) ?? '';
    return `#/components/schemas/${renamed.get(name) ?? name}`;
  });
  return JSON.parse(text) as Json;
}
