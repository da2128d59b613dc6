import { callsFinish, chunk, counted, done, roll, stop, stream, text, usage, type Sample } from './pieces.ts';

export const toolSamples: Sample[] = [
  {
    name: 'OpenAI in pieces, cut inside of an escape and an emoji',
    body: stream(
      chunk({
        role: 'assistant',
        content: null,
        tool_calls: [{ index: 0, id: 'call_a', type: 'function', function: { name: 'roll', arguments: '' } }],
      }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":"\\' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: 'n\ud83d' } }] }),
      chunk({ tool_calls: [{ index: 0, function: { arguments: '\ude00"}' } }] }),
      chunk({}, {}, 'tool_calls'),
      done,
    ),
    parts: [{ ...roll, id: 'call_a', arguments: '{"a":"\\n😀"}' }, callsFinish],
  },
  {
    name: 'two calls interleaved',
    body: stream(
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'roll', arguments: '{"s":' } }] }),
      chunk({ tool_calls: [{ index: 1, id: 'b', function: { name: 'flip', arguments: '' } }] }),
      chunk({
        tool_calls: [
          { index: 0, function: { arguments: '6}' } },
          { index: 1, function: { arguments: '{}' } },
        ],
      }),
      chunk({}, {}, 'tool_calls'),
    ),
    parts: [
      { ...roll, id: 'a', arguments: '{"s":6}' },
      { type: 'toolCall', index: 1, id: 'b', name: 'flip', arguments: '{}' },
      callsFinish,
    ],
  },
  {
    name: 'Mistral, whole and without index, in the finish chunk',
    body: stream(
      chunk(
        { content: null, tool_calls: [{ id: 'aB3dE5gH7', function: { name: 'roll', arguments: '{"sides": 6}' } }] },
        { usage },
        'tool_calls',
      ),
      done,
    ),
    parts: [{ ...roll, id: 'aB3dE5gH7', arguments: '{"sides": 6}' }, counted, callsFinish],
  },
  {
    name: 'Google, without index, ended by "stop"',
    body: stream(
      chunk({ tool_calls: [{ id: 'x', type: 'function', function: { name: 'roll', arguments: '{}' } }] }),
      chunk({ tool_calls: [{ id: 'y', type: 'function', function: { name: 'flip', arguments: '{}' } }] }),
      stop,
    ),
    parts: [
      { ...roll, id: 'x', arguments: '{}' },
      { type: 'toolCall', index: 1, id: 'y', name: 'flip', arguments: '{}' },
      { type: 'finish', reason: 'tool_calls', raw: 'stop' },
    ],
  },
  {
    name: 'a proxy that empties the name and the id later',
    body: stream(
      chunk({ tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'roll', arguments: '' } }] }),
      chunk({ tool_calls: [{ index: 0, id: null, function: { name: '', arguments: '{"sides":' } }] }),
      chunk({ tool_calls: [{ index: 0, id: '', type: 'function', function: { name: '', arguments: '6}' } }] }),
      chunk({}, {}, 'tool_calls'),
    ),
    parts: [{ ...roll, id: 'a', arguments: '{"sides":6}' }, callsFinish],
  },
  {
    name: 'a name and a new id with every piece',
    body: stream(
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'roll', arguments: '{"s":' } }] }),
      chunk({ tool_calls: [{ index: 0, id: 'b', function: { name: 'roll', arguments: '6}' } }] }),
      chunk({}, {}, 'tool_calls'),
    ),
    parts: [{ ...roll, id: 'a', arguments: '{"s":6}' }, callsFinish],
  },
  {
    name: 'several whole calls that share an index',
    body: stream(
      chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'roll', arguments: '{}' } }] }),
      chunk({ tool_calls: [{ index: 0, id: 'b', function: { name: 'roll', arguments: '{}' } }] }),
      stop,
    ),
    parts: [
      { ...roll, id: 'a', arguments: '{}' },
      { ...roll, index: 1, id: 'b', arguments: '{}' },
      { type: 'finish', reason: 'tool_calls', raw: 'stop' },
    ],
  },
  {
    name: 'arguments as an object, no id, the old function_call form',
    body: stream(chunk({ function_call: { name: 'roll', arguments: { sides: 6 } } }), chunk({}, {}, 'function_call')),
    parts: [
      { ...roll, id: 'made', arguments: '{"sides":6}' },
      { type: 'finish', reason: 'tool_calls', raw: 'function_call' },
    ],
  },
  {
    name: '"tool_calls" without any call',
    body: stream(text('Hi'), chunk({ tool_calls: [] }, {}, 'tool_calls')),
    parts: [
      { type: 'text', text: 'Hi' },
      { type: 'finish', reason: 'stop', raw: 'tool_calls' },
    ],
  },
];
