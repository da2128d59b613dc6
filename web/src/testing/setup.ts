import '@testing-library/jest-dom/vitest';
import { loadAllWords, loadLanguage } from '../i18n/i18n.svelte.ts';
import { addMissingBrowserParts } from './browser-parts.ts';

addMissingBrowserParts();
await loadLanguage('en');
await loadAllWords();
