import type { ProviderPart } from '@parley/sdk/plugin';
import { asArray, asObject, asText, type Json, parseJson } from '../json.ts';

type ToolCallPart = Extract<ProviderPart, { type: 'toolCall' }>;
interface OpenCall {
  index: number;
  id: string;
  name: string | undefined;
  arguments: string;
}

/**
 * Puts the pieces of tool calls together again. A piece belongs to a call by its index, else by its id, else to the
 * latest one; some hosts give several calls one index, or the id of a call anew with each piece.
 */
export class ToolCalls {
  readonly #calls: OpenCall[] = [];
  readonly #byIndex = new Map<number, OpenCall>();
  readonly #byId = new Map<string, OpenCall>();
  readonly #makeId: () => string;

  constructor(makeId: () => string = () => `call_${crypto.randomUUID().replaceAll('-', '')}`) {
    this.#makeId = makeId;
  }

  get any(): boolean {
    return this.#calls.length > 0;
  }

  /** The parts for one delta or message, in either the present form or the one before it. */
  read(delta: Json): ToolCallPart[] {
    const pieces = asArray(delta['tool_calls']).map(asObject);
    const old = asObject(delta['function_call']);
    if (pieces.length === 0 && Object.keys(old).length > 0) pieces.push({ index: 0, function: old });
    return pieces.flatMap((piece) => this.#readPiece(piece));
  }

  #readPiece(piece: Json): ToolCallPart[] {
    const fn = asObject(piece['function']);
    const name = asText(fn['name']) ?? asText(piece['name']);
    const id = asText(piece['id']);
    const added = argumentsText(fn['arguments'] ?? piece['arguments']);
    const index = typeof piece['index'] === 'number' ? piece['index'] : undefined;

    const known = this.#find(index, id, name);
    const call = known ?? this.#open(index, id, name);
    call.arguments += added;
    if (known === undefined) {
      return [
        { type: 'toolCall', index: call.index, id: call.id, ...(name !== undefined && { name }), arguments: added },
      ];
    }
    const namedNow = call.name === undefined && name !== undefined;
    call.name ??= name;
    if (added === '' && !namedNow) return [];
    return [{ type: 'toolCall', index: call.index, ...(namedNow && { name }), arguments: added }];
  }

  #find(index: number | undefined, id: string | undefined, name: string | undefined): OpenCall | undefined {
    let call: OpenCall | undefined;
    if (index !== undefined) call = this.#byIndex.get(index);
    else if (id !== undefined) call = this.#byId.get(id);
    else call = this.#calls.at(-1);
    if (call === undefined) return undefined;
    // A name where a whole call stands already: that is the next one. With the id of the call itself it is only repeated.
    const isOther = name !== undefined && id !== call.id && call.name !== undefined && isWhole(call.arguments);
    return isOther ? undefined : call;
  }

  #open(index: number | undefined, id: string | undefined, name: string | undefined): OpenCall {
    const call = { index: this.#calls.length, id: id ?? this.#makeId(), name, arguments: '' };
    this.#calls.push(call);
    if (index !== undefined) this.#byIndex.set(index, call);
    this.#byId.set(call.id, call);
    return call;
  }
}

function isWhole(text: string): boolean {
  return parseJson(text) !== undefined;
}

function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
