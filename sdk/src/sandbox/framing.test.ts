import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader, maxFrameBytes, ProtocolViolation } from './framing.ts';

describe('frames', () => {
  const texts = ['[]', '["ü😀"]', JSON.stringify(['x'.repeat(70_000)]), '[1]'];
  const bytes = Buffer.concat(texts.map(encodeFrame));

  it.each([1, 2, 3, 5, 1_000, 65_536, bytes.length])('come out whole when the bytes are cut every %i', (size) => {
    const reader = new FrameReader();
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += size) found.push(...reader.push(bytes.subarray(at, at + size)));
    expect(found).toEqual(texts);
  });
  it('are refused when they claim to be larger than allowed', () => {
    const header = Buffer.alloc(4);
    header.writeUInt32BE(maxFrameBytes + 1);
    expect(() => new FrameReader().push(header)).toThrow(ProtocolViolation);
  });
});
