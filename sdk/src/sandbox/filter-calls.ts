import type { CallEnd, OpenCall } from './open-call.ts';
import { filterResult } from './protocol.ts';
import type { FilterHandle } from './sandbox-host.ts';
import type { SandboxFailure } from './sandbox-errors.ts';
import type { Supervisor } from './supervisor.ts';

interface Waiting {
  given: string;
  resolve(result: unknown): void;
  reject(failure: SandboxFailure): void;
}

const openFilters = new WeakMap<FilterHandle, OpenCall>();

/** The call behind a handle, so that a stream can name it as the filter to feed. */
export function openFilterOf(handle: FilterHandle): OpenCall | undefined {
  return openFilters.get(handle);
}

/** A stream filter's run: pushes of one tick leave in one frame, answers come back in order. */
export function openFilter(
  supervisor: Supervisor,
  begin: (onEnd: (end: CallEnd) => void) => OpenCall,
  abort: (open: OpenCall) => void,
): Promise<FilterHandle> {
  return new Promise((resolveHandle, rejectHandle) => {
    const waiting: Waiting[] = [];
    let ended = false;
    let failure: SandboxFailure | undefined;
    /** What it had kept back, when the stream that fed it ended well: its worker does not wait to be asked. */
    let rest: unknown;

    const open = begin((end) => {
      failure = end.failure;
      if (failure === undefined) return;
      rejectHandle(failure);
      for (const one of waiting.splice(0)) one.reject(failure);
    });

    const ask = (message: ['push', number, string] | ['finish', number]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        if (failure !== undefined || open.over || ended)
          return reject(failure ?? open.failure('sandbox.aborted', 'the filter is closed'));
        if (message[0] === 'finish') ended = true;
        waiting.push({ given: message[0] === 'push' ? message[2] : '', resolve, reject });
        open.waitingSince ??= supervisor.now();
        open.record.seat?.process?.send(message);
      });

    open.onStarted = () => {
      const handle: FilterHandle = {
        push: (text) => ask(['push', open.id, text]),
        end: () => (rest === undefined ? ask(['finish', open.id]) : Promise.resolve(rest)),
        close: () => abort(open),
      };
      openFilters.set(handle, open);
      resolveHandle(handle);
    };
    open.onFiltered = (answer) => {
      const one = waiting.shift();
      if (one === undefined) rest = filterResult(answer, '');
      if (waiting.length === 0 && (ended || rest !== undefined)) supervisor.settle(open, { cpuMs: 0 });
      // The clock is the one of the oldest unanswered piece: a filter that waits for its stream may do so.
      open.waitingSince = waiting.length === 0 ? undefined : supervisor.now();
      one?.resolve(filterResult(answer, one.given));
    };
  });
}
