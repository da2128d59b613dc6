export * from './create-sandbox-host.ts';
export * from './limits.ts';
export * from './sandbox-errors.ts';
export * from './sandbox-host.ts';
