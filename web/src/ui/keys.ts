import { isMac } from './media.ts';

/** `Mod` is Command on a Mac and Ctrl elsewhere: `Mod+Shift+O`. */
export function matches(event: KeyboardEvent, combination: string): boolean {
  const parts = combination.split('+');
  const key = parts.pop() ?? '';
  const wants = (name: string) => parts.includes(name);
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  return (
    mod === wants('Mod') &&
    !other &&
    event.altKey === wants('Alt') &&
    // A sign may itself need Shift on some keyboards.
    (event.shiftKey === wants('Shift') || (!wants('Shift') && /^[^\w\s]$/.test(key))) &&
    event.key.toLowerCase() === key.toLowerCase()
  );
}

/** The way the keys are printed on this machine. */
export function keyNames(combination: string): string[] {
  const mac: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↵' };
  const rest: Record<string, string> = { Mod: 'Ctrl' };
  return combination.split('+').map((part) => (isMac ? mac : rest)[part] ?? arrows[part] ?? part);
}
const arrows: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓' };
