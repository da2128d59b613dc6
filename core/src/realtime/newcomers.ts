import type { IncomingMessage, ServerResponse } from 'node:http';

const REFUSAL = 'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n';

/**
 * For `engine.use`: turns away who would open a new connection, in words a proxy understands and answers by asking the
 * next instance. Connections that are open already, known by their id, go on.
 */
export function refuseNewcomers(isClosed: () => boolean) {
  return (request: IncomingMessage, _response: ServerResponse, next: () => void): void => {
    const isOpenAlready = URL.parse(request.url ?? '', 'http://socket')?.searchParams.has('sid') === true;
    if (!isClosed() || isOpenAlready) next();
    // Written by hand: for an upgrade the response offered here can only cut the connection.
    else request.socket.end(REFUSAL);
  };
}
