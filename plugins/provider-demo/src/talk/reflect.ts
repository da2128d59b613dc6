import type { Language } from './language.ts';

const english: Record<string, string> = {
  i: 'you',
  me: 'you',
  my: 'your',
  mine: 'yours',
  myself: 'yourself',
  am: 'are',
  "i'm": 'you are',
  "i've": 'you have',
  "i'll": 'you will',
  "i'd": 'you would',
  was: 'were',
  you: 'I',
  your: 'my',
  yours: 'mine',
  yourself: 'myself',
  "you're": 'I am',
  "you've": 'I have',
  "you'll": 'I will',
  we: 'you',
  us: 'you',
  our: 'your',
  ours: 'yours',
};

/** Turns a statement around: "my work" said to us is "your work" said back. */
export function reflect(text: string, language: Language): string {
  const clean = text.trim().replace(/[\s.,!?;:。，！？；：…~～]+$/u, '');
  if (language === 'zh') {
    return clean.replace(/[我你您咱]/g, (word) => (word === '我' || word === '咱' ? '你' : '我'));
  }
  return clean
    .replace(/[A-Za-z]+(?:['’][A-Za-z]+)*/g, (word) => english[word.toLowerCase().replace('’', "'")] ?? word)
    .replace(/\bI are\b/g, 'I am')
    .replace(/\b(to|with|for|from|about|of|at|by|on|than|like|love|hate|help|tell|told) I\b/g, '$1 me');
}
