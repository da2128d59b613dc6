import { AbortSignal } from './abort.ts';
import { BodySource, networkFault } from './body-source.ts';
import { requireCall } from './current-call.ts';
import { Headers } from './headers.ts';
import type { HeadersInit } from './headers.ts';
import { bytesToLatin1, isBytes, viewBytes } from './latin1.ts';
import { post } from './outbox.ts';
import { jsonStringify } from './primordials.ts';
import { Response } from './response.ts';
import { URLSearchParams } from './url-search-params.ts';

interface FetchInit {
  method?: string;
  headers?: HeadersInit;
  body?: unknown;
  signal?: AbortSignal | null;
}
/** Everything of a request as plain text: only this crosses, so no option bag of the plugin reaches the host. */
interface WireRequest {
  url: string;
  method: string;
  headers: [string, string][];
  body: string | null;
  /** The body is bytes, one character each. */
  binary: boolean;
}

function describeRequest(input: unknown, init: FetchInit): WireRequest {
  const headers = new Headers(init.headers);
  let body: string | null = null;
  let binary = false;
  if (init.body !== undefined && init.body !== null) {
    if (isBytes(init.body)) {
      body = bytesToLatin1(viewBytes(init.body));
      binary = true;
    } else {
      body = String(init.body);
      const type = init.body instanceof URLSearchParams ? 'application/x-www-form-urlencoded' : 'text/plain';
      if (!headers.has('content-type')) headers.set('content-type', `${type};charset=UTF-8`);
    }
  }
  const method = String(init.method ?? 'GET').toUpperCase();
  if (body !== null && (method === 'GET' || method === 'HEAD'))
    throw new TypeError('a GET or HEAD request has no body');
  return { url: String(input), method, headers: [...headers], body, binary };
}

export function fetch(input: unknown, init: FetchInit = {}): Promise<Response> {
  return new Promise((resolve, reject) => {
    const signal = init.signal ?? undefined;
    const call = requireCall(signal === undefined ? undefined : AbortSignal.callOf(signal));
    signal?.throwIfAborted();
    const request = jsonStringify(describeRequest(input, init));
    const number = call.nextNumber++;
    const source = new BodySource(call, number);
    let stop = (): void => {};

    const fail = (fault: unknown): void => {
      call.fetches.delete(number);
      signal?.removeEventListener('abort', stop);
      source.fail(fault);
      reject(fault);
    };
    stop = () => {
      post('K', call.id, number, '');
      fail(signal?.reason);
    };
    signal?.addEventListener('abort', stop, { once: true });

    call.fetches.set(number, (kind, message) => {
      if (kind === 'h') {
        const [, , , status, statusText, url, headers] = message as [
          string,
          number,
          number,
          number,
          string,
          string,
          [string, string][],
        ];
        resolve(new Response(source, { status, statusText, url, headers }));
      } else if (kind === 'b') {
        const isLast = message[5] === 1;
        if (isLast) {
          call.fetches.delete(number);
          signal?.removeEventListener('abort', stop);
        }
        source.deliver(message[3] as unknown[], message[4] as number, isLast, (message[6] as number | undefined) ?? 0);
      } else {
        const [, , , code, text] = message as [string, number, number, string, string];
        fail(networkFault(code, text));
      }
    });
    post('F', call.id, number, request);
  });
}
