export interface ComposerKey {
  readonly key: string;
  readonly keyCode: number;
  readonly isComposing: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}
export interface ComposerKeyContext {
  readonly sendKey: 'enter' | 'mod-enter';
  /** Fingers have no Shift+Enter, so there Enter is a new line. */
  readonly touch: boolean;
  readonly empty: boolean;
}
export type ComposerAct = 'send' | 'edit-last' | null;

/** Some browsers end a composition before the keydown that confirmed it, and mark it by this code alone. */
const composingKeyCode = 229;

/** Null leaves the key to the text box. */
export function composerAct(event: ComposerKey, context: ComposerKeyContext): ComposerAct {
  if (event.isComposing || event.keyCode === composingKeyCode || event.altKey) return null;
  const mod = event.ctrlKey || event.metaKey;
  if (event.key === 'ArrowUp') return context.empty && !mod && !event.shiftKey ? 'edit-last' : null;
  if (event.key !== 'Enter' || event.shiftKey) return null;
  if (mod) return 'send';
  return context.sendKey === 'enter' && !context.touch ? 'send' : null;
}
