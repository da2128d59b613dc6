/** A plugin that can't become one file. The message is for its author. */
export class BundleError extends Error {
  readonly code = 'package.bundle-failed';

  constructor(message: string) {
    super(message);
    this.name = 'BundleError';
  }
}
