import type { FinishReason } from '@parley/sdk/plugin';
import type { Receipt, Usage } from '@parley/sdk/contract';
import { type CompletionHead, presentFinish, presentReceipt, presentUsage } from './completion-presenter.ts';
import { type CallPiece, ToolCallJoiner } from './tool-call-joiner.ts';

/**
 * The lines of a streamed answer. Each is built from text prepared once, because it is written for every piece of every reply:
 * only the delta itself is turned into JSON.
 */
export class ChunkEncoder {
  readonly #before: string;
  readonly #after: string;
  /** What stands around the delta of a chunk. */
  readonly #start: string;
  readonly #end: string;
  readonly #includeUsage: boolean;
  readonly #calls: ToolCallJoiner;

  constructor(head: CompletionHead, options: { includeUsage: boolean; makeCallId(): string }) {
    const { id, created, model } = head;
    const start = JSON.stringify({ id, object: 'chat.completion.chunk', created, model }).slice(0, -1);
    this.#before = `data: ${start},"choices":`;
    this.#after = options.includeUsage ? ',"usage":null}\n\n' : '}\n\n';
    this.#start = `${this.#before}[{"index":0,"delta":`;
    this.#end = `,"logprobs":null,"finish_reason":null}]${this.#after}`;
    this.#includeUsage = options.includeUsage;
    this.#calls = new ToolCallJoiner(options.makeCallId);
  }

  /** The first one, which only says who speaks. */
  opening(): string {
    return this.#chunk('{"role":"assistant","content":""}');
  }
  text(text: string): string {
    return this.#chunk(`{"content":${JSON.stringify(text)}}`);
  }
  reasoning(text: string): string {
    return this.#chunk(`{"reasoning_content":${JSON.stringify(text)}}`);
  }
  toolCall(piece: CallPiece): string {
    const first = this.#calls.add(piece);
    const call =
      first === null
        ? { index: piece.index, function: { arguments: piece.arguments } }
        : {
            index: piece.index,
            id: first.id,
            type: 'function',
            function: { name: first.name, arguments: piece.arguments },
          };
    return this.#chunk(`{"tool_calls":[${JSON.stringify(call)}]}`);
  }
  closing(reason: FinishReason, usage: Usage, receipt: Receipt | null): string {
    const finish = JSON.stringify(presentFinish(reason, this.#calls.calls().length > 0));
    const last = `${this.#before}[{"index":0,"delta":{},"logprobs":null,"finish_reason":${finish}}]${this.#after}`;
    const cost = receipt === null ? '' : `,"parley":${JSON.stringify(presentReceipt(receipt, usage))}`;
    const counted = this.#includeUsage
      ? `${this.#before}[],"usage":${JSON.stringify(presentUsage(usage))}${cost}}\n\n`
      : '';
    return `${last}${counted}data: [DONE]\n\n`;
  }
  /** Instead of `closing`: a client that saw `[DONE]` would take the text for complete. */
  static failure(body: object): string {
    return `data: ${JSON.stringify(body)}\n\n`;
  }

  #chunk(delta: string): string {
    return this.#start + delta + this.#end;
  }
}
