import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [svelte({ compilerOptions: { runes: true } }), svelteTesting()],
  test: {
    name: 'web',
    include: ['src/**/*.test.ts', 'build/**/*.test.ts'],
    environment: 'jsdom',
    setupFiles: ['src/testing/setup.ts'],
    // The colours are read by their own test; all other styles are left out.
    css: { include: [/tokens\.css/] },
    pool: 'forks',
    retry: 0,
    // Only ends what hangs; a busy machine may need seconds for what takes milliseconds.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
