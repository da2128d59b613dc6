import { asArray, asObject, asText, isObject, type Json, parseJson } from '../json.ts';

/** What can be read out of an error, whatever its shape. */
export interface ErrorFacts {
  message: string;
  /** The first of `code`, `type` and `status` that is a word. */
  code?: string;
  type?: string;
  param?: string;
  /** A code that is a number: HTTP's with OpenRouter and vLLM, its own with MiniMax. */
  number?: number;
  /** MiniMax says errors in `base_resp`, with numbers of its own. */
  isMiniMax?: boolean;
  details: readonly unknown[];
  metadata: Json;
}

const none = { details: [], metadata: {} };

/** From a body as it came: JSON in one of a dozen shapes, plain text, a page of HTML, or nothing. */
export function factsOfBody(body: string): ErrorFacts {
  const parsed = parseJson(body);
  if (parsed !== undefined && parsed !== null) {
    const facts = factsOf(parsed);
    if (facts) return facts;
  }
  if (/^\s*(?:<!doctype|<html|<\?xml)/i.test(body)) {
    const title = /<title[^>]*>([^<]{1,200})<\/title>/i.exec(body)?.[1]?.trim();
    return { message: title === undefined ? 'a page of HTML' : `a page of HTML titled "${title}"`, ...none };
  }
  return { message: body.trim(), ...none };
}

/** `undefined` when the value says nothing of an error. */
export function factsOf(value: unknown): ErrorFacts | undefined {
  // Google wraps it into a list.
  const body = Array.isArray(value) ? value[0] : value;
  if (!isObject(body)) return undefined;
  const miniMax = asObject(body['base_resp']);
  if (typeof miniMax['status_code'] === 'number' && miniMax['status_code'] !== 0) {
    const message = asText(miniMax['status_msg']) ?? 'MiniMax error';
    return { message, number: miniMax['status_code'], isMiniMax: true, ...none };
  }
  if (typeof body['error'] === 'string' && body['error'] !== '') {
    return { ...factsOfObject(body), message: asText(body['message']) ?? body['error'] };
  }
  if (isObject(body['error'])) return factsOfObject(body['error']);
  const first = asArray(body['errors'])[0];
  if (first !== undefined) return isObject(first) ? factsOfObject(first) : { message: JSON.stringify(first), ...none };
  if (body['detail'] !== undefined) return { ...factsOfObject(body), message: detailText(body['detail']) };
  const isAnswer = 'choices' in body;
  if (!isAnswer && (asText(body['message']) ?? asText(body['msg'])) !== undefined) return factsOfObject(body);
  return undefined;
}

function factsOfObject(error: Json): ErrorFacts {
  const words = [error['code'], error['type'], error['status']].flatMap((word) => asText(word) ?? []);
  const numeric = [error['code'], error['status'], error['status_code']].find((code) => /^\d{3,4}$/.test(String(code)));
  const code = words.find((word) => !/^\d+$/.test(word));
  const inner = asObject(error['innererror']);
  return {
    message: asText(error['message']) ?? asText(error['msg']) ?? asText(error['error']) ?? '',
    ...(code !== undefined && { code }),
    ...(asText(error['type']) !== undefined && { type: String(error['type']) }),
    ...(asText(error['param']) !== undefined && { param: String(error['param']) }),
    ...(asText(inner['code']) !== undefined && { type: String(inner['code']) }),
    ...(numeric !== undefined && { number: Number(numeric) }),
    details: asArray(error['details']),
    metadata: asObject(error['metadata']),
  };
}

/** FastAPI: a text, or a list of what is wrong where. */
function detailText(detail: unknown): string {
  if (typeof detail === 'string') return detail;
  const items = asArray(detail).map((item) => {
    const { msg, loc } = asObject(item);
    return `${asArray(loc).join('.')}: ${String(msg)}`;
  });
  if (items.length > 0) return items.join('; ');
  return asText(asObject(detail)['message']) ?? JSON.stringify(detail);
}
