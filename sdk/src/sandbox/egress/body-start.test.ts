import { describe, expect, it } from 'vitest';

import { bodyStart } from './body-start.ts';

const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
const startOf = (text: string): number | undefined => bodyStart(Buffer.from(text));

describe('the beginning of a body', () => {
  it('is behind the head, whatever the body looks like', () => {
    expect(startOf(head)).toBe(head.length);
    expect(startOf(`${head}5\r\nab\r\n\r\nHTTP/1.1 200 OK\r\n\r\n`)).toBe(head.length);
    expect(startOf('HTTP/1.0 200\r\n\r\n')).toBe(16);
  });

  it('is behind the last of several heads', () => {
    expect(startOf(`HTTP/1.1 100 Continue\r\n\r\n${hints}${head}x`)).toBe(25 + hints.length + head.length);
  });

  it.each([
    ['there is no end of a head yet', 'HTTP/1.1 200 OK\r\nA: b\r\n'],
    ['there is no final head yet', hints],
    ['the status is another', head.replace('200', '206')],
    ['a line ends with a bare line feed', 'HTTP/1.1 200 OK\nA: b\n\nx\r\n\r\n'],
    ['a line ends with a bare return', 'HTTP/1.1 200 OK\rA: b\r\rx\r\n\r\n'],
    ['something stands before the head', `\r\n${head}`],
    ['something stands between two heads', `${hints}\r\n${head}`],
    ['it is no HTTP', 'SSH-2.0\r\n\r\n'],
  ])('is not known when %s', (_name, text) => {
    expect(startOf(text)).toBeUndefined();
  });
});
