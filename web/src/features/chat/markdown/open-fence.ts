import { languageOf } from './marked-setup.ts';

const opening = /^(\n* {0,3})(`{3,}|~{3,})([^\n]*)\n/;

export interface OpenFence {
  language: string;
  code: string;
}

/** The fence that starts `text` and is still open at its end, else null. Found without lexing, as such a tail can be long. */
export function openFence(text: string): OpenFence | null {
  const match = opening.exec(text);
  if (match === null) return null;
  const [line, lead = '', marks = '', info = ''] = match;
  if (marks.startsWith('`') && info.includes('`')) return null;
  const closing = new RegExp(`(?:^|\\n) {0,3}${marks[0] === '~' ? '~' : '`'}{${marks.length},}[ \\t]*(?:\\n|$)`);
  const body = text.slice(line.length);
  if (closing.test(body)) return null;
  return { language: languageOf(info.trim()), code: outdent(body, lead.replaceAll('\n', '').length) };
}

function outdent(body: string, width: number): string {
  return width === 0 ? body : body.replace(new RegExp(`^ {0,${width}}`, 'gm'), '');
}
