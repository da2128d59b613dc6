import { changeMe, type ProfileChange } from '../../api/me.ts';
import { session } from '../../api/session.svelte.ts';
import { t } from '../../i18n/i18n.svelte.ts';
import { fieldSentences, sentenceOf } from '../../i18n/problem-sentence.ts';
import { toasts } from '../../ui/toasts.svelte.ts';

export type SaveState = 'saving' | 'saved' | undefined;
const shownMs = 2_500;

/** Saves settings as they change, one at a time and in order, and offers the way back. */
export class ProfileSaver {
  #states = $state.raw<Readonly<Record<string, SaveState>>>({});
  #errors = $state.raw<Readonly<Record<string, string>>>({});
  #queue: Promise<void> = Promise.resolve();

  state(field: string): SaveState {
    return this.#states[field];
  }
  error(field: string): string | undefined {
    return this.#errors[field];
  }

  /** `back`: the change that undoes it. `label`: the field's name, for the words about it. */
  save(field: string, label: string, change: ProfileChange, back: ProfileChange): Promise<void> {
    this.#queue = this.#queue.then(() => this.#save(field, label, change, back));
    return this.#queue;
  }

  async #save(field: string, label: string, change: ProfileChange, back: ProfileChange): Promise<void> {
    this.#mark(field, 'saving');
    this.#errors = { ...this.#errors, [field]: '' };
    try {
      await changeMe(change);
      this.#mark(field, 'saved');
      setTimeout(() => this.#mark(field, undefined), shownMs);
      toasts.show({
        text: t('account.saved-field', { field: label }),
        action: { label: t('ui.undo'), run: () => void this.#undo(back) },
      });
    } catch (error) {
      this.#mark(field, undefined);
      this.#errors = { ...this.#errors, [field]: Object.values(fieldSentences(error))[0] ?? sentenceOf(error) };
      // Controls show what they were set to; the account, told anew, sets them back.
      if (session.user) session.enter({ ...session.user });
    }
  }

  async #undo(back: ProfileChange): Promise<void> {
    try {
      await changeMe(back);
      toasts.show({ text: t('account.undone') });
    } catch (error) {
      toasts.show({ text: sentenceOf(error), tone: 'danger' });
    }
  }

  #mark(field: string, state: SaveState): void {
    this.#states = { ...this.#states, [field]: state };
  }
}
