import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { Middleware } from 'koa';
import send from 'koa-send';
import { openApiDocument } from './openapi.ts';
import type { RouteDefinition } from './route-types.ts';

const files = new Set(['swagger-ui.css', 'swagger-ui-bundle.js']);
const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Parley API</title>
    <link rel="icon" href="/favicon.svg">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/init.js"></script>
  </body>
</html>
`;
/** A file of its own, since the policy forbids inline scripts. */
const init = `window.SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, docExpansion: 'none' });\n`;

/** `/openapi.json`, and the same to read and try at `/docs`, with nothing loaded from elsewhere. */
export function docsPage(contract: Readonly<Record<string, RouteDefinition>>, version: string): Middleware {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  let document: string | undefined;

  return async (ctx, next) => {
    if (ctx.path === '/openapi.json') {
      document ??= JSON.stringify(openApiDocument(contract, version));
      ctx.type = 'application/json';
      ctx.body = document;
      return;
    }
    if (ctx.path === '/docs' || ctx.path === '/docs/') {
      ctx.type = 'text/html';
      ctx.body = page;
      return;
    }
    if (ctx.path === '/docs/init.js') {
      ctx.type = 'text/javascript';
      ctx.body = init;
      return;
    }
    const file = ctx.path.startsWith('/docs/') ? ctx.path.slice('/docs/'.length) : '';
    if (files.has(file)) await send(ctx, `/${file}`, { root: folder, maxAge: 3_600_000, brotli: false, gzip: false });
    else await next();
  };
}
