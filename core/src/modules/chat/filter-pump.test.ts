import { expect, test } from 'vitest';
import type { FilterChain } from '../moderation/index.ts';
import type { ContentPart } from '../providers/index.ts';
import { FilterPump } from './filter-pump.ts';

/** Lets everything through, but keeps the last word back until the end. */
function holdingChain(): FilterChain {
  let held = '';
  const pass = (text: string) => ({ text, flaggedBy: null, blockedBy: null });
  return {
    feeds: () => undefined,
    async push(text) {
      const whole = held + text;
      const cut = whole.lastIndexOf(' ') + 1;
      held = whole.slice(cut);
      return pass(whole.slice(0, cut));
    },
    end: async () => pass(held),
    close: () => undefined,
    steps: () => [],
  };
}

function pumpInto(delivered: ContentPart[]): FilterPump {
  return new FilterPump({
    textChain: holdingChain(),
    openReasoningChain: null,
    deliver: (part) => void delivered.push(part),
    onFlag: () => undefined,
    onBlock: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
}

const call: ContentPart = { type: 'toolCall', index: 0, id: 'call_a', name: 'roll', arguments: '{}' };

test('what a filter keeps back arrives at the end', async () => {
  const delivered: ContentPart[] = [];
  const pump = pumpInto(delivered);
  pump.push([{ type: 'text', text: 'one two' }]);
  await pump.end();
  expect(delivered.map((part) => (part.type === 'text' ? part.text : ''))).toEqual(['one ', 'two']);
});

test('a reply of tool calls alone comes to its end', async () => {
  const delivered: ContentPart[] = [];
  const pump = pumpInto(delivered);
  pump.push([call]);
  await pump.end();
  expect(delivered).toContainEqual(call);
});
