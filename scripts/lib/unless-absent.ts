/**
 * What was looked for on the disk, or undefined when nothing is there. All else (no permission, a failing disk) is an
 * error: taken for absence it would build for nothing, or keep a result that is out of date.
 */
export async function unlessAbsent<T>(looking: Promise<T>): Promise<T | undefined> {
  try {
    return await looking;
  } catch (error) {
    // A file where a folder should be on the way has nothing below it either.
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw error;
  }
}
