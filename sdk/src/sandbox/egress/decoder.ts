import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { BrotliDecompress, Gunzip, Inflate, InflateRaw } from 'node:zlib';

import { EgressFailed } from './egress-errors.ts';

export type Decoder = Gunzip | Inflate | InflateRaw | BrotliDecompress;

/** Flushing at every write hands out what has arrived at once; a compressed event stream would stand still otherwise. */
const eager = { flush: constants.Z_SYNC_FLUSH };

/** `none` means the bytes are the body. `deflate` is either of two formats in the wild, told apart by the first byte. */
export type Encoding = 'none' | 'gzip' | 'deflate' | 'br';

export function encodingOf(contentEncoding: string | undefined): Encoding {
  const name = (contentEncoding ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') return 'none';
  if (name === 'gzip' || name === 'x-gzip') return 'gzip';
  if (name === 'deflate' || name === 'br') return name;
  throw new EgressFailed('encoding');
}

export function createDecoder(encoding: Exclude<Encoding, 'none'>, firstByte: number): Decoder {
  if (encoding === 'gzip') return createGunzip(eager);
  if (encoding === 'br') return createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
  return (firstByte & 0x0f) === 8 ? createInflate(eager) : createInflateRaw(eager);
}
