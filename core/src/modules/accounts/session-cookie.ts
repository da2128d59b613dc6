import type { Context } from 'koa';
import { sessionCookie } from '../../http/authenticator.ts';
import { requestState } from '../../http/request-state.ts';

/** The server decides when a session ends; browsers keep no cookie longer than 400 days anyway. */
const MAX_AGE_SECONDS = 400 * 24 * 3600;

export interface SessionCookies {
  set(ctx: Context, token: string): void;
  clear(ctx: Context): void;
}

/** Lax: the cookie comes along when somebody follows a link to us, and with nothing another site sends by itself. */
export function sessionCookies(publicUrl: string | null): SessionCookies {
  const write = (ctx: Context, value: string, maxAge: number) => {
    const secure = publicUrl?.startsWith('https:') === true || requestState(ctx).secure;
    const parts = [`${sessionCookie}=${value}`, 'Path=/', `Max-Age=${maxAge}`, 'HttpOnly', 'SameSite=Lax'];
    ctx.append('Set-Cookie', [...parts, ...(secure ? ['Secure'] : [])].join('; '));
  };
  return {
    set: (ctx, token) => write(ctx, token, MAX_AGE_SECONDS),
    clear: (ctx) => write(ctx, '', 0),
  };
}
