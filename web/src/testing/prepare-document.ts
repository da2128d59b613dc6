import '@testing-library/jest-dom/vitest';
import { configure } from '@testing-library/svelte';
import { loadAllWords, loadLanguage } from '../i18n/i18n.svelte.ts';
import { addMissingBrowserParts } from './browser-parts.ts';

// A machine may be busy; what holds is not waited for.
configure({ asyncUtilTimeout: 60_000 });
addMissingBrowserParts();
await loadLanguage('en');
await loadAllWords();
