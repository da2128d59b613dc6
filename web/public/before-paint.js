(function () {
  const root = document.documentElement;
  let saved = {};
  try {
    saved = JSON.parse(localStorage.getItem('parley.appearance') || '{}') || {};
  } catch {
    // Storage may be forbidden or hold nonsense: the system's choice stands.
  }
  const dark =
    saved.theme === 'dark' || (saved.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.classList.add(dark ? 'dark' : 'light');
  if (saved.theme === 'high-contrast' || (!saved.theme && matchMedia('(prefers-contrast: more)').matches))
    root.classList.add('contrast');
  if (dark) document.querySelector('meta[name=theme-color]').content = '#0e0f13';
  if (saved.chatSize >= 14 && saved.chatSize <= 20) root.style.setProperty('--chat-size', saved.chatSize / 16 + 'rem');
  root.lang = saved.language || (/^zh/i.test(navigator.language) ? 'zh-CN' : 'en');
})();
