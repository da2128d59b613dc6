import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { Context, Middleware } from 'koa';
import { errorCode } from '../lib/error-code.ts';
import { type CompressedFiles, createCompressedFiles, type Encoding, isCompressible } from './compressed-files.ts';
import { NotFound } from './http-errors.ts';

const YEAR_SECONDS = 365 * 24 * 3600;

/** The built web app: files by name, `index.html` for every other page address. */
export function staticFiles(root: string): Middleware {
  const compressed = createCompressedFiles();
  return async (ctx) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw NotFound();
    const path = safePath(ctx.path);
    if (path !== null && (await sendFile(ctx, root, path, compressed))) return;
    // An address with a file name in it that is not there is a missing file, not a page.
    if (path === null || (extname(path) !== '' && path !== '/index.html')) throw NotFound();
    if (!(await sendFile(ctx, root, '/index.html', compressed))) tellNotBuilt(ctx);
  };
}

/** Null for what cannot be the name of a file of ours: undecodable, hidden, or out of the folder. */
function safePath(path: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
  const plain = normalize(decoded);
  if (plain.includes('\0') || plain.includes('\\') || plain.includes('..') || plain.includes('/.')) return null;
  return plain;
}

async function sendFile(ctx: Context, root: string, path: string, compressed: CompressedFiles): Promise<boolean> {
  const file = join(root, path);
  const stats = await fileStats(file);
  if (stats === null) return false;
  const version = `${stats.mtimeMs.toString(36)}-${stats.size.toString(36)}`;
  const extension = extname(file);
  const encoding = isCompressible(extension, stats.size) ? chooseEncoding(ctx) : null;

  ctx.status = 200;
  ctx.type = extension;
  ctx.etag = `W/"${version}"`;
  ctx.vary('Accept-Encoding');
  // Vite puts a hash of the content into the names of everything under assets.
  ctx.set('Cache-Control', path.startsWith('/assets/') ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
  if (ctx.fresh) {
    ctx.status = 304;
    return true;
  }
  if (encoding === null) sendPlain(ctx, file, stats.size);
  else await sendCompressed(ctx, compressed.get(file, version, encoding), encoding);
  return true;
}

/** Asked one by one: browsers name gzip first, which says nothing about what they would rather have. */
function chooseEncoding(ctx: Context): Encoding | null {
  for (const encoding of ['br', 'gzip'] as const) {
    if (ctx.acceptsEncodings(encoding, 'identity') === encoding) return encoding;
  }
  return null;
}

async function sendCompressed(ctx: Context, bytes: Promise<Buffer>, encoding: Encoding): Promise<void> {
  const { type } = ctx;
  ctx.body = await bytes;
  // A body of bytes counts as binary unless the type is said again.
  ctx.type = type;
  ctx.set('Content-Encoding', encoding);
}

function sendPlain(ctx: Context, file: string, size: number): void {
  const { type } = ctx;
  ctx.body = createReadStream(file);
  ctx.type = type;
  ctx.length = size;
}

async function fileStats(file: string): Promise<{ size: number; mtimeMs: number } | null> {
  try {
    const stats = await stat(file);
    return stats.isFile() ? stats : null;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}

function tellNotBuilt(ctx: Context): void {
  ctx.status = 503;
  ctx.type = 'text/plain';
  ctx.body = 'The web app is not built. Run "npm run build" (or start with "npm start"), then load this page again.\n';
}

export async function isBuilt(root: string): Promise<boolean> {
  return (await fileStats(join(root, 'index.html'))) !== null;
}
