/** POSIX ustar: what every tar reads. */
export const BLOCK_BYTES = 512;
const NAME_BYTES = 100;

/** `name` is short and plain: no need for the longer forms. */
export function tarHeader(name: string, bytes: number, changedAt: Date): Buffer {
  if (Buffer.byteLength(name) > NAME_BYTES) throw new RangeError(`the name ${name} is too long for an archive`);
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write(name, 0);
  header.write('0000600\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(octal(bytes), 124);
  header.write(octal(Math.floor(changedAt.getTime() / 1000)), 136);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  header.write(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** Null for the empty block at the end; undefined for what is no header. */
export function readTarHeader(header: Buffer): { name: string; bytes: number } | null | undefined {
  if (header.every((byte) => byte === 0)) return null;
  if (Number.parseInt(text(header, 148, 8), 8) !== sumOf(header)) return undefined;
  const bytes = Number.parseInt(text(header, 124, 12), 8);
  return Number.isSafeInteger(bytes) ? { name: text(header, 0, NAME_BYTES), bytes } : undefined;
}

export function paddingAfter(bytes: number): number {
  return (BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES;
}

/** Of all bytes, those of the sum itself counted as spaces. */
function sumOf(header: Buffer): number {
  return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

function octal(value: number): string {
  return `${value.toString(8).padStart(11, '0')}\0`;
}

function text(header: Buffer, at: number, length: number): string {
  return header
    .toString('latin1', at, at + length)
    .replace(/\0.*$/s, '')
    .trim();
}
