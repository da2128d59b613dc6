import type { ToolCall } from '@parley/sdk/plugin';
import type { ContentPart } from '../providers/index.ts';
import type { ReplyOutput } from './reply-output.ts';

/** What an empty piece of a call costs us; endless ones must come to an end too. */
const CALL_CHARS = 20;

export interface Mark {
  plugin: string;
  rule: string;
}

/** The reply as it grows: what may be shown, and nothing else, is in here. */
export class Reply {
  text = '';
  reasoning = '';
  flaggedBy: Mark | null = null;
  firstPartAt: number | null = null;
  readonly #toolCalls = new Map<number, ToolCall>();
  readonly #output: ReplyOutput;
  #toolChars = 0;
  #isClosed = false;

  constructor(output: ReplyOutput) {
    this.#output = output;
  }

  get toolCalls(): ToolCall[] {
    return [...this.#toolCalls.values()];
  }
  /** Of everything in it; what a limit on a reply's size goes by. */
  get chars(): number {
    return this.text.length + this.reasoning.length + this.#toolChars;
  }
  get isEmpty(): boolean {
    return this.firstPartAt === null;
  }

  add(part: ContentPart): void {
    if (this.#isClosed || (part.type !== 'toolCall' && part.text === '')) return;
    this.firstPartAt ??= performance.now();
    if (part.type === 'text') this.text += part.text;
    else if (part.type === 'reasoning') this.reasoning += part.text;
    else this.#addToolCall(part);
    this.#output.part(part);
  }

  flag(mark: Mark): void {
    if (this.#isClosed || this.flaggedBy !== null) return;
    this.flaggedBy = mark;
    this.#output.event({ type: 'flagged', ...mark });
  }

  /** What still comes (a provider that does not hear, a filter that is slow) is for nobody. */
  close(): void {
    this.#isClosed = true;
    this.#output.flush();
  }

  /** Providers send a call in pieces: id and name first, then the arguments. */
  #addToolCall(part: Extract<ContentPart, { type: 'toolCall' }>): void {
    let call = this.#toolCalls.get(part.index);
    if (call === undefined) this.#toolCalls.set(part.index, (call = { id: '', name: '', arguments: '' }));
    this.#toolChars += part.arguments.length + (part.name?.length ?? 0) + CALL_CHARS;
    if (part.id !== undefined) call.id = part.id;
    if (part.name !== undefined) call.name += part.name;
    call.arguments += part.arguments;
  }
}

export function describeMark(mark: Mark | null): string | null {
  return mark === null ? null : `${mark.plugin}: ${mark.rule}`;
}
