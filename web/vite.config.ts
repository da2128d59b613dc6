import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig, type Plugin } from 'vite';
import { publishPlugin } from './build/publish-plugin.ts';

/** Where a core listens when Vite runs by itself; `npm run dev` puts both behind one address. */
const core = 'http://127.0.0.1:3000';
const proxied = ['/api', '/v1', '/docs', '/openapi.json', '/healthz', '/readyz'];

/** The router searches the page for links to preload on every change of it, so on each frame of a reply. There are none. */
const withoutLinkPreloading: Plugin = {
  name: 'without-link-preloading',
  enforce: 'pre',
  resolveId(source, importer) {
    const isSearch = source === './helpers/preload.js' && importer?.includes('/sv-router/') === true;
    return isSearch ? join(import.meta.dirname, 'src/routes/no-link-preloading.ts') : null;
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [withoutLinkPreloading, svelte({ compilerOptions: { runes: true } }), tailwindcss(), publishPlugin()],
  build: {
    target: 'es2023',
    // Inlined assets would be data: URLs, which the CSP refuses for fonts and scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  // The highlighter fetches one grammar at a time, and only modules can be split.
  worker: { format: 'es' },
  server: {
    proxy: {
      ...Object.fromEntries(proxied.map((path) => [path, core])),
      '/socket.io': { target: core, ws: true },
    },
  },
});
