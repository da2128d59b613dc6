import type { ProviderEnd, ProviderRouter } from '../providers/index.ts';
import type { DelaySampler } from './delay-sampler.ts';
import type { FilterPump } from './filter-pump.ts';
import type { RunningTurn } from './running-turn.ts';

export interface CallProviderDeps {
  router: ProviderRouter;
  delays: DelaySampler;
}

/** One call; resolves with its end. A cut turn ends the call, and whoever waits here is not waited for. */
export function callProvider(turn: RunningTurn, deps: CallProviderDeps, pump: FilterPump): Promise<ProviderEnd> {
  const { request, model } = turn.job;
  return new Promise((resolve) => {
    turn.showsLife();
    const call = deps.router.chat(model, { ...request, messages: turn.prompt?.messages ?? [] }, turn.subject, {
      filter: pump.feeds(),
      // Waiting for a place is no silence; the idle clock then starts with the first part.
      onQueued() {
        turn.lastActivityAt = null;
      },
      onParts(parts) {
        turn.showsLife();
        turn.state = 'running';
        deps.delays.arrived(turn);
        pump.push(parts);
      },
      onEnd(end) {
        turn.attempts += end.attempts;
        turn.lastActivityAt = null;
        resolve(end);
      },
    });
    if (turn.signal.aborted) call.abort();
    else turn.signal.addEventListener('abort', () => call.abort(), { once: true });
  });
}
