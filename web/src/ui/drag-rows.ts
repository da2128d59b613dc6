/** The index of the row whose middle half is at this height; -1 between rows, so that rows of different heights don't flicker. */
export function rowUnder(list: HTMLElement, clientY: number): number {
  return [...list.children].findIndex((row) => {
    const { top, height } = row.getBoundingClientRect();
    return clientY >= top + height / 4 && clientY <= top + (height * 3) / 4;
  });
}
