import type { Namespace } from 'socket.io';

/** Of Socket.io's protocol 5, before the JSON of name and payload. https://socket.io/docs/v4/socket-io-protocol/ */
const EVENT = '2';
/** Of Engine.IO's protocol 4. https://socket.io/docs/v4/engine-io-protocol/ */
const MESSAGE = '4';
/** The last piece of a text that is not masked. RFC 6455, section 5.2 */
const FINAL_TEXT = 0x81;

/**
 * Says something to all sockets of a room on this instance. Written once for all of them, down to the WebSocket's frame in one
 * piece: frames of replies are most of what a core sends, and Socket.io's own way takes a quarter more processor for each.
 */
export function sendToRoom(namespace: Namespace, room: string, event: string, payload: unknown): void {
  const ids = namespace.adapter.rooms.get(room);
  if (ids === undefined) return;
  const packet = EVENT + JSON.stringify([event, payload]);
  // As Socket.io's adapter hands frames over; a socket that still polls takes the packet instead.
  const options = { compress: false, wsPreEncodedFrame: [textFrame(MESSAGE + packet)] };
  for (const id of ids) namespace.sockets.get(id)?.conn.send(packet, options);
}

function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  if (bytes < 126) return fill(Buffer.allocUnsafe(2 + bytes), bytes, 2, text);
  if (bytes < 65_536) {
    const frame = fill(Buffer.allocUnsafe(4 + bytes), 126, 4, text);
    frame.writeUInt16BE(bytes, 2);
    return frame;
  }
  const frame = fill(Buffer.allocUnsafe(10 + bytes), 127, 10, text);
  frame.writeBigUInt64BE(BigInt(bytes), 2);
  return frame;
}

function fill(frame: Buffer, length: number, headBytes: number, text: string): Buffer {
  frame[0] = FINAL_TEXT;
  frame[1] = length;
  frame.write(text, headBytes);
  return frame;
}
