import { createHash } from 'node:crypto';
import type { AwsClient } from 'aws4fetch';
import { s3Error } from './s3-error.ts';
import { unescapeXml } from './s3-listing.ts';

/** 10,000 parts are allowed, so an object may have 160 GB. This much memory an upload takes, whatever its length. */
const PART_BYTES = 16 * 1024 * 1024;

/** One request for what fits into a part, several for more: S3 wants to know lengths ahead, and a stream has none. */
export async function upload(
  client: AwsClient,
  url: string,
  body: AsyncIterable<Uint8Array>,
  partBytes = PART_BYTES,
): Promise<void> {
  const parts = inParts(body, partBytes);
  const first = await parts.next();
  const start = first.done === true ? Buffer.alloc(0) : first.value;
  if (start.length < partBytes) {
    await send(client, 'store an object', url, { method: 'PUT' }, start);
    return;
  }
  const begun = await send(client, 'begin an upload', `${url}?uploads`, { method: 'POST' });
  const id = /<UploadId>([^<]+)<\/UploadId>/.exec(await begun.text())?.[1];
  if (id === undefined) throw await s3Error('begin an upload', begun);
  const uploadId = encodeURIComponent(unescapeXml(id));
  try {
    const tags: string[] = [];
    for (let part: IteratorResult<Buffer, void> = first; part.done !== true; part = await parts.next()) {
      const place = `${url}?partNumber=${tags.length + 1}&uploadId=${uploadId}`;
      const { headers } = await send(client, 'store a part of an object', place, { method: 'PUT' }, part.value);
      tags.push(headers.get('etag') ?? '');
    }
    const list = tags.map((tag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${tag}</ETag></Part>`);
    const whole = `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`;
    const done = await send(client, 'finish an upload', `${url}?uploadId=${uploadId}`, { method: 'POST' }, whole);
    // This one answer may be an error in spite of its status.
    const text = await done.text();
    if (text.includes('<Error>')) throw await s3Error('finish an upload', new Response(text, { status: done.status }));
  } catch (error) {
    await client.fetch(`${url}?uploadId=${uploadId}`, { method: 'DELETE' });
    throw error;
  }
}

async function send(
  client: AwsClient,
  what: string,
  url: string,
  options: { method: string },
  body?: Buffer | string,
): Promise<Response> {
  // With its hash among what is signed, the other side stores what was sent or nothing.
  const hash = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  const answer = await client.fetch(url, { ...options, body, headers: { 'X-Amz-Content-Sha256': hash } });
  if (!answer.ok) throw await s3Error(what, answer);
  return answer;
}

/** Pieces of exactly `partBytes`; only the last is shorter. */
async function* inParts(body: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Buffer, void> {
  let gathered: Uint8Array[] = [];
  let length = 0;
  for await (let piece of body) {
    while (length + piece.length >= partBytes) {
      const fits = piece.subarray(0, partBytes - length);
      yield Buffer.concat([...gathered, fits]);
      gathered = [];
      length = 0;
      piece = piece.subarray(fits.length);
    }
    gathered.push(piece);
    length += piece.length;
  }
  if (length > 0) yield Buffer.concat(gathered);
}
