import { type Fold, foldText, isLetter, isMark, isWordBorder } from '../characters.ts';
import { type Rule, WordListError } from '../rule.ts';
import type { Program } from './program.ts';

/** Adds a text with `*`, which stands for any number of letters, digits and accents: it never leaves the word. */
export function addWildcard(program: Program, rule: Rule, index: number, fold: Fold): void {
  const texts = rule.pattern.split(/\*+/).map((text) => foldText(text, fold));
  if (texts.every((text) => text.length === 0)) throw new WordListError(rule, 'has nothing but stars');
  const { instructions } = program;
  const next = () => instructions.length + 1;

  program.starts.push(instructions.length);
  if (rule.wholeWord) instructions.push({ op: 'assert', holds: isWordBorder, out: next() });
  texts.forEach((text, i) => {
    if (i > 0) {
      const star = instructions.length;
      instructions.push({ op: 'either', out: star + 1, other: star + 2 });
      instructions.push({ op: 'symbol', accepts: isLetter, out: star });
    }
    for (const wanted of text) instructions.push({ op: 'symbol', accepts: (symbol) => symbol === wanted, out: next() });
  });
  instructions.push({ op: 'assert', holds: rule.wholeWord ? endsWord : endsCharacter, out: next() });
  instructions.push({ op: 'match', rule: index });
}

function endsCharacter(_before: number, after: number): boolean {
  return !isMark(after);
}
function endsWord(before: number, after: number): boolean {
  return !isMark(after) && isWordBorder(before, after);
}
