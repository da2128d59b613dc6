import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';

/** Carries each new connection to the first of these instances that says it is ready, as a proxy with health checks does. */
export async function startBalancer(urls: readonly string[], undo: AsyncDisposableStack): Promise<string> {
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    firstReady(urls).then(
      (url) => {
        if (url === undefined) return client.destroy();
        const { hostname, port } = new URL(url);
        const instance = connect(Number(port), hostname);
        instance.on('error', () => client.destroy());
        instance.on('close', () => client.destroy());
        client.on('close', () => instance.destroy());
        return client.pipe(instance).pipe(client);
      },
      () => client.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.defer(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function firstReady(urls: readonly string[]): Promise<string | undefined> {
  for (const url of urls) {
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return url;
  }
  return undefined;
}
