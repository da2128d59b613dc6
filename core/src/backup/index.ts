export { BackupError } from './backup-error.ts';
export { keyFingerprint } from './key-fingerprint.ts';
export { restoreBackup } from './restore-backup.ts';
export { type FileStore, writeBackup } from './write-backup.ts';
