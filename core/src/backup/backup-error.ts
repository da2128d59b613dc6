/** A backup or a restore cannot go on; its message is all the person needs. */
export class BackupError extends Error {
  readonly code = 'backup.refused';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BackupError';
  }
}
