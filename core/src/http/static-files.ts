import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context, Middleware } from 'koa';
import send from 'koa-send';
import { errorCode } from '../lib/error-code.ts';
import { NotFound } from './http-errors.ts';

const YEAR_MS = 365 * 24 * 3_600_000;

/** The built web app: files by name, `index.html` for every other page address. */
export function staticFiles(root: string): Middleware {
  return async (ctx) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw NotFound();
    if (ctx.path !== '/' && ctx.path !== '/index.html' && (await sendFile(ctx, root, ctx.path))) return;
    // An address with a file name in it that is not there is a missing file, not a page.
    if (/\.\w{1,8}$/.test(ctx.path) && ctx.path !== '/index.html') throw NotFound();
    if (!(await sendFile(ctx, root, '/index.html'))) tellNotBuilt(ctx);
  };
}

async function sendFile(ctx: Context, root: string, path: string): Promise<boolean> {
  // Vite puts a hash of the content into the names of everything under assets.
  const hashed = path.startsWith('/assets/');
  try {
    const sent = await send(ctx, path, { root, maxAge: hashed ? YEAR_MS : 0, immutable: hashed, hidden: false });
    if (sent === undefined) return false;
  } catch (error) {
    // Not there, not decodable, outside of the folder: all the same to whoever asks.
    if ([400, 403, 404].includes(statusOf(error) ?? 0)) return false;
    throw error;
  }
  ctx.vary('Accept-Encoding');
  if (!hashed) ctx.set('Cache-Control', 'no-cache');
  // `fresh` judges a status of success only, and koa-send has not set one yet.
  ctx.status = 200;
  if (ctx.fresh) ctx.status = 304;
  return true;
}

function tellNotBuilt(ctx: Context): void {
  ctx.status = 503;
  ctx.type = 'text/plain';
  ctx.body = 'The web app is not built. Run "npm run build" (or start with "npm start"), then load this page again.\n';
}

export async function isBuilt(root: string): Promise<boolean> {
  try {
    return (await stat(join(root, 'index.html'))).isFile();
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw error;
  }
}

function statusOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : undefined;
}
