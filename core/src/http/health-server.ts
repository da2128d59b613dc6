import type Koa from 'koa';
import { type BareServerOptions, createBareServer } from './bare-server.ts';
import { NotFound } from './http-errors.ts';

/** What a process answers that serves nobody: its supervisor asks for its health, a scraper for its metrics, and all else is not here. */
export function createHealthServer(options: BareServerOptions): Koa {
  return createBareServer(options).use(() => Promise.reject(NotFound()));
}
