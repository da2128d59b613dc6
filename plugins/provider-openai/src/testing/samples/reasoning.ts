import { chunk, finish, stop, stream, text, type Sample } from './pieces.ts';

const reasoned = [{ type: 'reasoning', text: 'We think' }, { type: 'text', text: 'Hi' }, finish];
export const reasoningSamples: Sample[] = [
  {
    name: 'reasoning_content of DeepSeek',
    body: stream(
      chunk({ role: 'assistant', content: null, reasoning_content: 'We ' }),
      chunk({ reasoning_content: 'think' }),
      chunk({ content: 'Hi', reasoning_content: null }),
      stop,
    ),
    parts: reasoned,
  },
  {
    name: 'reasoning of Groq',
    body: stream(chunk({ reasoning: 'We think' }), text('Hi'), stop),
    parts: reasoned,
  },
  {
    name: 'reasoning and reasoning_details of OpenRouter, told once',
    body: stream(
      chunk({ content: '', reasoning: 'We ', reasoning_details: [{ type: 'reasoning.text', text: 'We ' }] }),
      chunk({ content: '', reasoning_details: [{ type: 'reasoning.summary', summary: 'think' }] }),
      chunk({ content: 'Hi', reasoning_details: [{ type: 'reasoning.encrypted', data: 'xyz' }] }),
      stop,
    ),
    parts: reasoned,
  },
  {
    name: 'lists of parts of Mistral',
    body: stream(
      chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'We think' }] }] }),
      chunk({
        content: [
          { type: 'text', text: 'H' },
          { type: 'reference', reference_ids: [1] },
        ],
      }),
      text('i'),
      stop,
    ),
    parts: reasoned,
  },
  {
    name: 'think tags, cut between chunks',
    body: stream(...['\n<th', 'ink>\n', 'We th', 'ink</', 'think', '>\n\nH', 'i'].map(text), stop),
    parts: reasoned,
  },
  {
    name: 'text that only looks like a tag',
    body: stream(...['<thi', 'rd> a ', '<think>'].map(text), stop),
    parts: [{ type: 'text', text: '<third> a <think>' }, finish],
  },
];
