import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { startScriptedServer } from '@parley/sdk/testing';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFileStorage } from './file-storage.ts';
import type { ObjectStorage } from './object-storage.ts';
import { createS3Storage, type S3Options } from './s3-storage.ts';

const undo = new AsyncDisposableStack();
afterAll(() => undo.disposeAsync());

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-objects-'));
  undo.defer(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function startS3(): Promise<S3Options> {
  const directory = await temporary();
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: 'parley' }],
  });
  const { port } = await server.run();
  undo.defer(() => server.close());
  const keys = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };
  // Five megabytes are the least a part may have.
  return { endpoint: `http://127.0.0.1:${port}`, bucket: 'parley', region: 'us-east-1', ...keys, partBytes: 5_242_880 };
}

/** In pieces that end nowhere in particular. */
async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 700_001) yield bytes.subarray(at, at + 700_001);
}
async function* breaks(): AsyncGenerator<Buffer> {
  yield Buffer.alloc(6_000_000);
  throw new Error('the source broke');
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe.each([
  ['files', async () => createFileStorage(await temporary())],
  ['S3', async () => createS3Storage(await startS3())],
])('object storage in %s', (_, open) => {
  let storage: ObjectStorage;
  beforeAll(async () => {
    storage = await open();
  });
  const read = async (key: string) => {
    const body = await storage.get(key);
    return body === null ? null : buffer(body);
  };
  const keys = async (prefix?: string) => (await all(storage.list(prefix))).map(({ key }) => key).toSorted();

  test.each([0, 1, 700_001, 5_242_880, 12_000_000])('%i bytes come back as they were stored', async (size) => {
    const bytes = randomBytes(size);
    await storage.put(`sizes/${size}`, pieces(bytes));
    expect((await read(`sizes/${size}`))?.equals(bytes)).toBe(true);
    expect(await all(storage.list(`sizes/${size}`))).toContainEqual({ key: `sizes/${size}`, bytes: size });
  });

  test('what is stored again replaces what was there', async () => {
    await storage.put('again', pieces(Buffer.from('one')));
    await storage.put('again', pieces(Buffer.from('two')));
    expect(String(await read('again'))).toBe('two');
  });

  test('what breaks on the way leaves what was there', async () => {
    await storage.put('kept', pieces(Buffer.from('before')));
    await expect(storage.put('kept', breaks())).rejects.toThrow('the source broke');
    expect(String(await read('kept'))).toBe('before');
    await expect(storage.put('never', breaks())).rejects.toThrow('the source broke');
    expect(await read('never')).toBeNull();
  });

  test('all keys are listed, or those with a prefix alone', async () => {
    for (const key of ['list/b/2', 'list/a', 'list/b.txt', 'list/b/1', 'listed']) {
      await storage.put(key, pieces(Buffer.from(key)));
    }
    expect(await keys('list/')).toEqual(['list/a', 'list/b.txt', 'list/b/1', 'list/b/2']);
    expect(await keys('list/b/')).toEqual(['list/b/1', 'list/b/2']);
    expect(await keys('nowhere/')).toEqual([]);
  });

  test('what was deleted, or never was, is not there', async () => {
    await storage.put('gone', pieces(Buffer.from('x')));
    await storage.delete('gone');
    await storage.delete('gone');
    expect(await read('gone')).toBeNull();
    expect(await keys('gone')).toEqual([]);
  });

  test.each(['', '/', '../up', 'a/../b', '.hidden', 'a//b', 'a/', 'ä', 'a b', 'x'.repeat(501)])(
    'a key like "%s" is refused',
    async (key) => {
      await expect((async () => storage.get(key))()).rejects.toMatchObject({ code: 'object-storage.key' });
      await expect((async () => storage.put(key, pieces(Buffer.from('x'))))()).rejects.toMatchObject({
        code: 'object-storage.key',
      });
    },
  );
});

test('a listing of several pages is read to its end', async () => {
  const page = (key: string, next: string) => `<ListBucketResult><Contents><Key>${key}</Key><Size>3</Size></Contents>
    <Contents><Key>no key of ours</Key><Size>3</Size></Contents>${next}</ListBucketResult>`;
  const server = await startScriptedServer((request, response) => {
    const isSecond = request.path.includes('continuation-token=a%26b');
    response.end(isSecond ? page('two', '') : page('one', '<NextContinuationToken>a&amp;b</NextContinuationToken>'));
  });
  undo.defer(() => server.close());
  const storage = createS3Storage({ ...(await startS3()), endpoint: server.url });
  expect(await all(storage.list())).toEqual([
    { key: 'one', bytes: 3 },
    { key: 'two', bytes: 3 },
  ]);
});

test('a bucket that is not there is told with the code of the store', async () => {
  const storage = createS3Storage({ ...(await startS3()), bucket: 'nobody' });
  await expect(all(storage.list())).rejects.toMatchObject({
    code: 'object-storage.s3',
    message: expect.stringContaining('NoSuchBucket'),
  });
  await expect(storage.put('x', pieces(Buffer.from('x')))).rejects.toThrow('NoSuchBucket');
});

test('drafts of files are not left behind', async () => {
  const folder = await temporary();
  await expect(createFileStorage(folder).put('x', breaks())).rejects.toThrow();
  expect(await readdir(join(folder, '.drafts'))).toEqual([]);
});
