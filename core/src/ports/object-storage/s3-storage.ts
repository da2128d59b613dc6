import { Readable } from 'node:stream';
import { AwsClient } from 'aws4fetch';
import { requireKey } from './object-key.ts';
import type { ObjectStorage, StoredObject } from './object-storage.ts';
import { s3Error } from './s3-error.ts';
import { readListing } from './s3-listing.ts';
import { upload } from './s3-upload.ts';

export interface S3Options {
  /** Without the bucket and a trailing slash. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Smaller than in production; for tests. */
  partBytes?: number;
}

/** A bucket of anything that speaks S3. The bucket stands in the path, which every such store understands. */
export function createS3Storage(options: S3Options): ObjectStorage {
  const { region, accessKeyId, secretAccessKey } = options;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 3 });
  const bucket = `${options.endpoint}/${options.bucket}`;
  const urlOf = (key: string) => {
    requireKey(key);
    return `${bucket}/${key}`;
  };

  return {
    put: (key, body) => upload(client, urlOf(key), body, options.partBytes),

    async get(key) {
      const answer = await client.fetch(urlOf(key));
      if (answer.status === 404) {
        await answer.body?.cancel();
        return null;
      }
      if (!answer.ok) throw await s3Error('give an object', answer);
      return answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body);
    },

    list: (prefix = '') => list(client, bucket, prefix),

    async delete(key) {
      const answer = await client.fetch(urlOf(key), { method: 'DELETE' });
      if (!answer.ok && answer.status !== 404) throw await s3Error('delete an object', answer);
      await answer.body?.cancel();
    },
  };
}

async function* list(client: AwsClient, bucket: string, prefix: string): AsyncGenerator<StoredObject> {
  let next: string | null = null;
  do {
    const query = new URLSearchParams({ 'list-type': '2', prefix });
    if (next !== null) query.set('continuation-token', next);
    const answer = await client.fetch(`${bucket}?${query.toString()}`);
    if (!answer.ok) throw await s3Error('list its objects', answer);
    const page = readListing(await answer.text());
    yield* page.objects;
    next = page.next;
  } while (next !== null);
}
