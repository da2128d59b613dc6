/** Bytes cross the border as text of one character per byte: text is what crosses without any object attached. */
const fromCharCode = String.fromCharCode;

export function bytesToLatin1(bytes: Uint8Array): string {
  let text = '';
  for (let start = 0; start < bytes.length; start += 8192) {
    text += Reflect.apply(fromCharCode, undefined, bytes.subarray(start, start + 8192)) as string;
  }
  return text;
}

export function latin1ToBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

export function viewBytes(source: unknown): Uint8Array {
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  try {
    return new Uint8Array(source as ArrayBuffer, 0);
  } catch {
    throw new TypeError('expected bytes: an ArrayBuffer or a view of one');
  }
}
export function isBytes(source: unknown): boolean {
  return ArrayBuffer.isView(source) || Object.prototype.toString.call(source) === '[object ArrayBuffer]';
}
