/** Bounds how many provider calls run at once, in all and per connection; those beyond wait in order. */
export interface CallSlots {
  /** Calls `start` when a place is free: at once, or later. Returns the cancel, to be called again at the end to give the place back. */
  take(connection: string, start: () => void, onWait: (ahead: number) => void): () => void;
}

interface Waiting {
  connection: string;
  start: () => void;
}

export function createCallSlots(limits: { total: number; perConnection: number }): CallSlots {
  const running = new Map<string, number>();
  const queue: Waiting[] = [];
  let total = 0;

  const isFree = (connection: string) => total < limits.total && (running.get(connection) ?? 0) < limits.perConnection;

  function begin({ connection, start }: Waiting): void {
    total += 1;
    running.set(connection, (running.get(connection) ?? 0) + 1);
    start();
  }

  function end(connection: string): void {
    total -= 1;
    const left = (running.get(connection) ?? 1) - 1;
    if (left === 0) running.delete(connection);
    else running.set(connection, left);
    const next = queue.findIndex((entry) => isFree(entry.connection));
    if (next !== -1) begin(queue.splice(next, 1)[0]!);
  }

  return {
    take(connection, start, onWait) {
      const entry: Waiting = { connection, start };
      if (isFree(connection)) begin(entry);
      else {
        onWait(queue.length);
        queue.push(entry);
      }
      let done = false;
      return () => {
        if (done) return;
        done = true;
        const waiting = queue.indexOf(entry);
        if (waiting === -1) end(connection);
        else queue.splice(waiting, 1);
      };
    },
  };
}
