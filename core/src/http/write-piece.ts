import type { ServerResponse } from 'node:http';

/**
 * Writes a piece of a streamed body; headers that are not out leave with it. Node makes four writes of a chunk and holds them until the
 * next tick; framed here it is one, at once, which halves what a small piece costs.
 */
export function writePiece(response: ServerResponse, text: string): void {
  // An older client's answer is not chunked, nor is any before its headers are out; one that waits for the answer before it on the same
  // connection has no socket yet.
  if (!response.chunkedEncoding || response.socket === null) response.write(text);
  else if (text !== '') response.socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}
