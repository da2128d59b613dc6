import { untrack } from 'svelte';
import { matches } from '../ui/keys.ts';
import type { Icon } from '../ui/icon.ts';

export interface Command {
  id: string;
  /** A function, so that it follows the language. */
  label: () => string;
  group: 'go' | 'action';
  icon?: Icon;
  /** Such as `Mod+Shift+O`. */
  keys?: string;
  /** Has a key but no line in the palette. */
  hidden?: boolean;
  run: () => void;
}

/** What can be done from anywhere, by key or by palette. A screen adds its own while it stands: `$effect(() => commands.add(…))`. */
class Commands {
  #list = $state.raw<readonly Command[]>([]);

  get list(): readonly Command[] {
    return this.#list;
  }

  add(...added: Command[]): () => void {
    // Effects call this; reading the list must not make them depend on it.
    this.#list = [...untrack(() => this.#list), ...added];
    return () => {
      this.#list = this.#list.filter((command) => !added.includes(command));
    };
  }

  /** Runs the command that has this key; the newest wins, so a screen may take over a key. */
  handle(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing) return false;
    const command = this.#list.findLast(({ keys }) => keys !== undefined && matches(event, keys));
    if (!command) return false;
    event.preventDefault();
    command.run();
    return true;
  }
}

export const commands = new Commands();
