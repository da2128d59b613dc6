/**
 * Whether a click on the trigger of something that floats found it open. A press outside closes what floats before its
 * click comes, and a press on the trigger is such a press: how things stood is known when it begins. A click by key or by
 * a screen reader has no press, or none that was heard.
 */
export class TriggerPress {
  #open: boolean | undefined;

  begin(open: boolean): void {
    this.#open = open;
  }

  foundOpen(click: MouseEvent, openNow: boolean): boolean {
    const found = click.detail === 0 ? openNow : (this.#open ?? openNow);
    this.#open = undefined;
    return found;
  }
}
