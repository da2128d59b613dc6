export * from './fake-context.ts';
export * from './grants-from-manifest.ts';
export * from './plugin-harness.ts';
export * from './scripted-server.ts';
export * from './test-manifest.ts';
