import { t } from '../i18n/i18n.svelte.ts';
import { fieldSentences, sentenceOf } from '../i18n/problem-sentence.ts';
import { toasts } from './toasts.svelte.ts';

export type SaveState = 'saving' | 'saved' | undefined;
const shownMs = 2_500;

/** Saves settings as they change, one at a time and in order, and offers the way back. */
export class SettingSaver<Change> {
  #states = $state.raw<Readonly<Record<string, SaveState>>>({});
  #errors = $state.raw<Readonly<Record<string, string>>>({});
  #queue: Promise<void> = Promise.resolve();
  readonly #apply: (change: Change) => Promise<unknown>;
  readonly #reset: () => void;

  /** `reset`: tells the controls anew what holds, after a change was refused. */
  constructor(apply: (change: Change) => Promise<unknown>, reset: () => void) {
    this.#apply = apply;
    this.#reset = reset;
  }

  state(field: string): SaveState {
    return this.#states[field];
  }
  error(field: string): string | undefined {
    return this.#errors[field];
  }

  /** `label`: the field's name, for the words about it. `back`: the change that undoes it. */
  save(field: string, label: string, change: Change, back: Change): Promise<void> {
    this.#queue = this.#queue.then(() => this.#save(field, label, change, back));
    return this.#queue;
  }

  async #save(field: string, label: string, change: Change, back: Change): Promise<void> {
    this.#mark(field, 'saving');
    this.#errors = { ...this.#errors, [field]: '' };
    // The change may be the language: these words stay in the one that was chosen from.
    const toast = { text: t('ui.saved-field', { field: label }), undo: t('ui.undo') };
    try {
      await this.#apply(change);
      this.#mark(field, 'saved');
      setTimeout(() => this.#mark(field, undefined), shownMs);
      toasts.show({
        text: toast.text,
        action: { label: toast.undo, run: () => void this.#undo(back) },
      });
    } catch (error) {
      this.#mark(field, undefined);
      this.#errors = { ...this.#errors, [field]: Object.values(fieldSentences(error))[0] ?? sentenceOf(error) };
      this.#reset();
    }
  }

  async #undo(back: Change): Promise<void> {
    try {
      await this.#apply(back);
      toasts.show({ text: t('ui.undone') });
    } catch (error) {
      toasts.show({ text: sentenceOf(error), tone: 'danger' });
    }
  }

  #mark(field: string, state: SaveState): void {
    this.#states = { ...this.#states, [field]: state };
  }
}
