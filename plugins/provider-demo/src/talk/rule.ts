/** A pattern and its answers. `$1` … `$3` stand for the matched groups, turned around. */
export interface Rule {
  pattern: RegExp;
  answers: readonly string[];
}

/** The first rule that matches wins, so special ones stand before general ones. */
export interface Talk {
  rules: readonly Rule[];
  /** For what no rule knows. */
  fallbacks: readonly string[];
  /** As fallbacks, for a person who said something about themselves before; `$1` is that. */
  memories: readonly string[];
  /** What is worth remembering; group 1 is kept. */
  memorable: readonly RegExp[];
  /** Group 1 is the name a person gave. */
  name: RegExp;
  /** Put in front now and then; `$1` is the name. */
  byName: string;
  noPictures: string;
  silence: string;
}
