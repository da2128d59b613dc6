import { fieldSentences, wholeSentence } from '../i18n/problem-sentence.ts';

/** One form on its way to the server: what is wrong, and where. */
export class Submission {
  #busy = $state(false);
  #failure = $state('');
  #fields = $state.raw<Readonly<Record<string, string>>>({});

  get busy(): boolean {
    return this.#busy;
  }
  /** What is wrong as a whole; empty when fields say it. */
  get failure(): string {
    return this.#failure;
  }
  get fields(): Readonly<Record<string, string>> {
    return this.#fields;
  }
  get failed(): boolean {
    return this.#failure !== '' || Object.keys(this.#fields).length > 0;
  }

  /** Marks fields before anything is sent; true when all is well. */
  check(problems: Readonly<Record<string, string | undefined>>): boolean {
    this.#failure = '';
    this.#fields = Object.fromEntries(
      Object.entries(problems).filter((entry): entry is [string, string] => Boolean(entry[1])),
    );
    return Object.keys(this.#fields).length === 0;
  }

  /** Gives undefined when it was refused. `shown`: fields that can show a sentence; problems of others are shown as a whole. */
  async run<T>(act: () => Promise<T>, shown: (path: string) => boolean = () => true): Promise<T | undefined> {
    if (this.#busy) return undefined;
    this.#busy = true;
    this.check({});
    try {
      return await act();
    } catch (error) {
      const fields = fieldSentences(error);
      const visible = Object.keys(fields).filter((path) => path !== '' && shown(path));
      this.#fields = Object.fromEntries(visible.map((path) => [path, fields[path] ?? '']));
      if (visible.length === 0) this.#failure = wholeSentence(error);
      return undefined;
    } finally {
      this.#busy = false;
    }
  }
}

/** Moves the focus to the first field that was refused. */
export function focusFirstInvalid(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
}
