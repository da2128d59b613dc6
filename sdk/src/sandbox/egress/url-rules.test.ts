import { describe, expect, it } from 'vitest';

import { hrefOf, parseTarget } from './url-rules.ts';

describe('a URL on its way out', () => {
  it('is taken apart once', () => {
    expect(parseTarget('https://API.example.com/v1/../v2?a=1')).toMatchObject({
      scheme: 'https',
      host: 'api.example.com',
      port: 443,
      path: '/v2',
      query: '?a=1',
    });
    expect(hrefOf(parseTarget('http://[2606:4700::1111]:8080/x'))).toBe('http://[2606:4700::1111]:8080/x');
  });

  it.each([
    'ftp://a.example/',
    'file:///etc/passwd',
    'data:text/plain,x',
    '//a.example/',
    'http:a.example',
    'http:/a.example',
    'https:\\\\a.example\\',
    'http://a.example\\@b.example/',
    'http://user:pass@a.example/',
    'http://a.example@b.example/',
    'http://exämple.com/',
    'http://a.example/\u3002',
    'http://a.example/a b',
    'http://a.example/\r\nX: 1',
    '',
    `http://a.example/${'x'.repeat(9_000)}`,
  ])('is refused as malformed: %j', (url) => {
    expect(() => parseTarget(url)).toThrow(expect.objectContaining({ code: 'egress.invalid' }));
  });

  it.each([
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://%31%32%37.0.0.1/',
    'http://loc%61lhost/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://a.example./',
    'http://a..example/',
  ])('is refused when its host is not written as the parser writes it: %s', (url) => {
    expect(() => parseTarget(url)).toThrow(expect.objectContaining({ code: 'egress.refused' }));
  });
});
