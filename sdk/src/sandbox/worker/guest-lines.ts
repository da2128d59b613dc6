/** One line of what a context made in an entry. The text is the guest's, so nothing about it is trusted. */
export interface GuestLine {
  letter: string;
  callId: number;
  number: number;
  payload: string;
}

export function* readGuestLines(output: string): Generator<GuestLine> {
  let start = 0;
  while (start < output.length) {
    let end = output.indexOf('\n', start);
    if (end < 0) end = output.length;
    const colon = output.indexOf(':', start);
    const comma = output.indexOf(',', start);
    if (comma > start && colon > comma && colon < end) {
      const callId = Number(output.slice(start + 1, comma));
      const number = Number(output.slice(comma + 1, colon));
      if (isCount(callId) && isCount(number)) {
        yield { letter: output[start]!, callId, number, payload: output.slice(colon + 1, end) };
      }
    }
    start = end + 1;
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
