export type Action = 'block' | 'mask' | 'flag';
export type Kind = 'exact' | 'wildcard' | 'regex';

export interface Rule {
  pattern: string;
  kind: Kind;
  action: Action;
  caseSensitive: boolean;
  /** Of words and wildcards; a regular expression says it itself. */
  wholeWord: boolean;
  /** Where an admin finds it, such as `Words that block, line 3`. */
  place: string;
}

/** A pattern that can't be used. Its text is for the admin. */
export class WordListError extends Error {
  readonly code = 'moderation-wordlist.bad-pattern';
  constructor(rule: Rule, problem: string) {
    super(`${rule.place}: ${JSON.stringify(rule.pattern.slice(0, 100))} ${problem}`);
    this.name = 'WordListError';
  }
}
