const storageKey = 'parley.sidebar';

/** What of the frame is open. */
class ShellState {
  #collapsed = $state(readCollapsed());
  /** The sidebar as a drawer, below the desktop width. */
  drawerOpen = $state(false);
  paletteOpen = $state(false);
  shortcutsOpen = $state(false);
  /** The list of running replies. */
  tasksOpen = $state(false);

  get collapsed(): boolean {
    return this.#collapsed;
  }
  set collapsed(value: boolean) {
    this.#collapsed = value;
    try {
      localStorage.setItem(storageKey, value ? 'collapsed' : 'open');
    } catch (error) {
      // Without storage the choice lasts until the page closes.
      if (!(error instanceof DOMException)) throw error;
    }
  }
}

function readCollapsed(): boolean {
  try {
    return localStorage.getItem(storageKey) === 'collapsed';
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

export const shellState = new ShellState();
