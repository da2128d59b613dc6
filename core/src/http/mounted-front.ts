import type { Middleware } from 'koa';

/** A front with a language of its own below a path prefix. */
export interface MountedFront {
  /** Puts whatever is thrown below it into the front's own words, the server's refusals (stopping, foreign origin) too. */
  errors: Middleware;
  serve: Middleware;
}
