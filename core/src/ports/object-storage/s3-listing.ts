import type { StoredObject } from './object-storage.ts';

export interface S3Listing {
  objects: StoredObject[];
  /** Null on the last page. */
  next: string | null;
}

/** One page of ListObjectsV2. Keys are ours, of letters that XML leaves alone; others in the bucket are none of our affair. */
export function readListing(xml: string): S3Listing {
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].flatMap(([, one = '']) => {
    const key = /<Key>([\w./-]+)<\/Key>/.exec(one)?.[1];
    const bytes = /<Size>(\d+)<\/Size>/.exec(one)?.[1];
    return key === undefined || bytes === undefined ? [] : [{ key, bytes: Number(bytes) }];
  });
  const next = /<NextContinuationToken>([^<]+)<\/NextContinuationToken>/.exec(xml)?.[1];
  return { objects, next: next === undefined ? null : unescapeXml(next) };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function unescapeXml(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(amp|lt|gt|quot|apos));/gi, (_, decimal, hex, name) =>
    name === undefined
      ? String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal))
      : entities[String(name).toLowerCase()]!,
  );
}
