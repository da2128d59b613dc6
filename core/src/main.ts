import { keepCompiled } from './lib/keep-compiled.ts';

keepCompiled();
await import('./serve.ts');
