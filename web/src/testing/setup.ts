// A test of pure logic says `@vitest-environment node`: a document and all words take far longer to make than it takes.
if (typeof document !== 'undefined') await import('./prepare-document.ts');
