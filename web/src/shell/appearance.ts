import type { Language, User } from '@parley/sdk/contract';

type Theme = User['theme'];
export interface Appearance {
  theme: Theme;
  language: Language;
  chatSize: number;
}

/** Read by public/before-paint.js at the next start, before any of this is loaded. */
const storageKey = 'parley.appearance';
const systemDark = matchMedia('(prefers-color-scheme: dark)');
const systemContrast = matchMedia('(prefers-contrast: more)');
let theme: Theme = 'system';

export function applyAppearance(appearance: Appearance): void {
  theme = appearance.theme;
  paint();
  // `rem`, so that the browser's own text size still counts.
  document.documentElement.style.setProperty('--chat-size', `${appearance.chatSize / 16}rem`);
  try {
    localStorage.setItem(storageKey, JSON.stringify(appearance));
  } catch (error) {
    // Storage may be full or forbidden; the account keeps the choice.
    if (!(error instanceof DOMException)) throw error;
  }
}

export function isDark(): boolean {
  return theme === 'dark' || (theme !== 'light' && systemDark.matches);
}

function paint(): void {
  const root = document.documentElement.classList;
  const dark = isDark();
  root.toggle('dark', dark);
  root.toggle('light', !dark);
  root.toggle('contrast', theme === 'high-contrast' || (theme === 'system' && systemContrast.matches));
  const colour = getComputedStyle(document.documentElement).getPropertyValue('--bg').trim();
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', colour);
}

systemDark.addEventListener('change', paint);
systemContrast.addEventListener('change', paint);
