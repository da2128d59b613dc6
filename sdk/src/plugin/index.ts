export * from './chat.ts';
export * from './define-plugin.ts';
export * from './guest-globals.ts';
export * from './host-api.ts';
