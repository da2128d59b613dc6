import { asArray, asObject, asText, type Json } from '../json.ts';

/** Text and reasoning of one piece, in their order. */
export type Spoken = { kind: 'text' | 'reasoning'; text: string };

/** `content` is a text with most servers, a list of typed parts with Mistral, null beside tool calls. */
export function readContent(content: unknown): Spoken[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content }];
  return asArray(content).flatMap((item) => {
    const part = asObject(item);
    const type = asText(part['type']) ?? 'text';
    if (type === 'thinking' || type === 'reasoning') {
      const thought = part['thinking'] ?? part['text'] ?? part['content'];
      const text = typeof thought === 'string' ? thought : textOf(thought);
      return text === '' ? [] : [{ kind: 'reasoning' as const, text }];
    }
    // Pictures and references in an answer have no place in our parts.
    if (type !== 'text' && type !== 'output_text') return typeof item === 'string' ? [said(item)] : [];
    return textOf([item]) === '' ? [] : [said(textOf([item]))];
  });
}

function said(text: string): Spoken {
  return { kind: 'text', text };
}
function textOf(parts: unknown): string {
  return asArray(parts)
    .map((part) => (typeof part === 'string' ? part : (asText(asObject(part)['text']) ?? '')))
    .join('');
}

/** Reasoning beside the content. Hosts that send two of the forms mean the same by both, so one is taken. */
export function readReasoning(delta: Json, field: 'auto' | 'reasoning_content' | 'reasoning'): string {
  if (field !== 'auto') return asText(delta[field]) ?? '';
  return (
    asText(delta['reasoning_content']) ??
    asText(delta['reasoning']) ??
    asText(asObject(delta['reasoning'])['content']) ??
    detailsText(delta['reasoning_details'])
  );
}

/** OpenRouter's `reasoning_details`; encrypted ones say nothing to a reader. */
function detailsText(details: unknown): string {
  return asArray(details)
    .map((item) => asText(asObject(item)['text']) ?? asText(asObject(item)['summary']) ?? '')
    .join('');
}
