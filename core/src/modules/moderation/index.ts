import type { PluginsModule } from '../plugins/index.ts';
import { openFilterChain } from './filter-chain.ts';
import { runGates } from './gate.ts';
import type { Moderation } from './moderation-types.ts';

export type { FilterChain, FilteredText, GateResult, Moderation } from './moderation-types.ts';

/** Lets moderation plugins speak: on what goes in, on what streams out, on what came out whole. */
export function createModerationModule(plugins: PluginsModule): Moderation {
  const { registry, hooks: runner, sandbox } = plugins;
  const gates = (direction: 'input' | 'output') =>
    registry.activeHooks('moderators').filter((hook) => hook.on.includes(direction));

  return {
    checkInput: (text, subject) => runGates(runner, gates('input'), 'input', text, subject),
    outputGate() {
      const output = gates('output');
      if (output.length === 0) return null;
      return (text, subject) => runGates(runner, output, 'output', text, subject);
    },
    async openFilters(subject) {
      const filters = registry.activeHooks('streamFilters');
      return filters.length === 0 ? null : openFilterChain({ sandbox, runner }, filters, subject);
    },
  };
}
