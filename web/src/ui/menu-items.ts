import type { Icon } from './icon.ts';

export interface MenuItem {
  label: string;
  run: () => void;
  icon?: Icon;
  /** A second, quieter line. */
  hint?: string;
  /** Such as `Mod+B`. */
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Makes it a choice that is on or off. */
  checked?: boolean;
}
/** A line between groups. */
export type MenuEntry = MenuItem | 'separator';
