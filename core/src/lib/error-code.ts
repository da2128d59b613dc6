/** The `code` of a system error (`ENOENT`, `EADDRINUSE`, an SQLSTATE …), or undefined when it carries none. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
