import type { IncomingMessage } from 'node:http';
import { BodyTooLarge, MalformedJson, NestedTooDeep, RequestAborted, UnsupportedMedia } from './http-errors.ts';

export const defaultBodyLimitBytes = 1_048_576;
/** Nothing we speak comes near; a validator that recurses must not be walked into the ground. */
const MAX_DEPTH = 64;

const decoder = new TextDecoder('utf-8', { fatal: true });

/** The JSON body of a request, or undefined when it has none. Counts bytes as they come, so that a lie in Content-Length costs nothing. */
export async function readJsonBody(request: IncomingMessage, limitBytes = defaultBodyLimitBytes): Promise<unknown> {
  const bytes = await readRawBody(request, limitBytes);
  if (bytes.length === 0) return undefined;
  if (!isJson(request.headers['content-type']) || request.headers['content-encoding'] !== undefined) {
    throw UnsupportedMedia();
  }
  return parseJson(bytes);
}

/** The bytes as they came, for whoever has to check a signature over them. */
export async function readRawBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limitBytes) throw refuseLarge(request, limitBytes);
  return readBytes(request, limitBytes);
}

function parseJson(bytes: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(decoder.decode(bytes));
  } catch (error) {
    // SyntaxError from JSON, TypeError from bytes that are not UTF-8.
    if (error instanceof SyntaxError || error instanceof TypeError) throw MalformedJson();
    throw error;
  }
  if (nestsDeeper(value, MAX_DEPTH)) throw NestedTooDeep({ limit: MAX_DEPTH });
  return value;
}

function readBytes(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) {
        request.removeAllListeners('data');
        reject(refuseLarge(request, limitBytes));
        return;
      }
      chunks.push(chunk);
    });
    const onAbort = () => reject(RequestAborted());
    request.once('end', () => {
      // The connection of a long answer closes long after its request was read.
      request.off('close', onAbort);
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    });
    request.once('close', onAbort);
    request.once('error', onAbort);
  });
}

/** The rest is read and dropped, so that the client, still writing, gets to see the answer. */
function refuseLarge(request: IncomingMessage, limitBytes: number): Error {
  request.resume();
  return BodyTooLarge({ limitBytes });
}

function isJson(contentType: string | undefined): boolean {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  return (
    /^application\/([\w.-]+\+)?json$/.test(type.trim()) &&
    (charset === undefined || /^charset="?utf-8"?$/.test(charset))
  );
}

function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((item) => nestsDeeper(item, levels - 1));
  for (const key in value) {
    if (nestsDeeper((value as Record<string, unknown>)[key], levels - 1)) return true;
  }
  return false;
}
