import { sentenceOf } from '../../i18n/problem-sentence.ts';
import { toasts } from '../../ui/toasts.svelte.ts';

/** For single acts beside no form: a failure is told, and the screen shows what still holds. */
export async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    toasts.show({ text: sentenceOf(error), tone: 'danger' });
    return false;
  }
}
