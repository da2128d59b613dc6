import { type Fold, foldCase, foldKeepingCase, foldText } from './characters.ts';
import { FirstSymbols } from './first-symbols.ts';
import { buildAutomaton, type Literal } from './literal/automaton.ts';
import { createLiteralMatcher } from './literal/literal-matcher.ts';
import type { Matcher } from './matcher.ts';
import { createPatternMatcher } from './pattern/pattern-matcher.ts';
import { canBegin, emptyProgram, mostInstructions, type Program } from './pattern/program.ts';
import { addRegex } from './pattern/regex.ts';
import { addWildcard } from './pattern/wildcard.ts';
import { PlainCharacters } from './plain-characters.ts';
import { type Rule, WordListError } from './rule.ts';
import type { WordListSettings } from './settings.ts';
import type { Steps } from './steps.ts';

/** How a group of rules reads text; without `fold` it sees each character as it is. */
export interface Reading {
  fold: Fold | undefined;
  createMatchers(): Matcher[];
}
export interface WordList extends WordListSettings {
  readings: Reading[];
  plain: Pick<PlainCharacters, 'endOfRun'>;
}

export function* compileWordList(settings: WordListSettings): Steps<WordList> {
  const numbered = settings.rules.map((rule, index) => ({ rule, index }));
  const isWord = (rule: Rule) => rule.kind !== 'regex';
  const readings = [
    yield* compileReading(
      foldCase,
      numbered.filter(({ rule }) => isWord(rule) && !rule.caseSensitive),
    ),
    yield* compileReading(
      foldKeepingCase,
      numbered.filter(({ rule }) => isWord(rule) && rule.caseSensitive),
    ),
    yield* compileReading(
      undefined,
      numbered.filter(({ rule }) => !isWord(rule)),
    ),
  ];
  const found = readings.filter((reading) => reading !== undefined);
  return { ...settings, readings: found, plain: new PlainCharacters(found) };
}

function* compileReading(
  fold: Fold | undefined,
  rules: readonly { rule: Rule; index: number }[],
): Steps<Reading | undefined> {
  if (rules.length === 0) return undefined;
  const words: Literal[] = [];
  const program = emptyProgram();
  for (const { rule, index } of rules) {
    yield;
    if (fold === undefined) addRegex(program, rule, index);
    else if (rule.kind === 'wildcard' && rule.pattern.includes('*')) addWildcard(program, rule, index, fold);
    else words.push(literal(rule, index, fold));
    checkSize(program, rule);
  }
  const factories: (() => Matcher)[] = [];
  if (words.length > 0) {
    const automaton = yield* buildAutomaton(words);
    const firstSymbols = new FirstSymbols((symbol) => automaton.edges.get(0, symbol) !== -1);
    factories.push(() => createLiteralMatcher(automaton, firstSymbols));
  }
  if (program.starts.length > 0) {
    const firstSteps = new Map<number, readonly number[]>();
    const firstSymbols = new FirstSymbols((symbol) => canBegin(program, symbol));
    factories.push(() => createPatternMatcher(program, firstSteps, firstSymbols));
  }
  return { fold, createMatchers: () => factories.map((create) => create()) };
}

function literal(rule: Rule, index: number, fold: Fold): Literal {
  const symbols = foldText(rule.pattern, fold);
  if (symbols.length === 0) throw new WordListError(rule, 'has only characters that nobody can see');
  return { symbols, wholeWord: rule.wholeWord, rule: index };
}

function checkSize(program: Program, rule: Rule): void {
  if (program.instructions.length <= mostInstructions) return;
  throw new WordListError(
    rule,
    `is one too many: all wildcards and expressions together may have ${mostInstructions} steps`,
  );
}
