const endOfHead = '\r\n\r\n';
const looseLineEnd = /(?<!\r)\n|\r(?!\n)/;

/**
 * Where the body begins in what a server has answered so far: behind the head of status 200, and the heads of status 1xx that may
 * come before it. Undefined for anything that could be read in two ways, such as a head with bare line feeds.
 */
export function bodyStart(bytes: Buffer): number | undefined {
  let from = 0;
  for (;;) {
    const end = bytes.indexOf(endOfHead, from);
    if (end < 0) return undefined;
    const head = bytes.toString('latin1', from, end);
    const status = /^HTTP\/1\.[01] (200|1\d\d)[ \r]/.exec(`${head}\r`)?.[1];
    if (status === undefined || looseLineEnd.test(head)) return undefined;
    from = end + endOfHead.length;
    if (status === '200') return from;
  }
}
