// A test of pure logic says `@vitest-environment node`: a document and all words take far longer to make than it takes.
if (typeof document !== 'undefined') await import('./prepare-document.ts');
// Without anything to import or export at once, this would be a script, which cannot wait.
export {};
