import type { Attachment } from 'svelte/attachments';

const native = typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content');

/** Lets a text box grow with its text where the browser can't do it by itself. */
export function autosize(text: () => string): Attachment<HTMLTextAreaElement> {
  return (box) => {
    if (native) {
      box.style.setProperty('field-sizing', 'content');
      return;
    }
    $effect(() => {
      text();
      box.style.height = 'auto';
      box.style.height = `${box.scrollHeight}px`;
    });
  };
}
