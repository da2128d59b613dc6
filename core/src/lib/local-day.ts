/** Twice as many as there are zones; their names may be written in more ways than that. */
const MAX_FORMATTERS = 1_000;
/** The first of a process takes 10 to 25 ms, which belong to its start and not to whoever asks first. */
const formatters = new Map([['UTC', makeFormatter('UTC')]]);

/** `YYYY-MM-DD` on the calendar of somebody in this time zone; in UTC where the zone is not known. */
export function localDay(nowMs: number, timeZone: string): string {
  return formatterOf(timeZone).format(nowMs);
}

const STEP_MS = 1000;
/** No day is longer, whatever is done to clocks; zones that skip a day do it at midnight. */
const LONGEST_DAY_MS = 36 * 3_600_000;

/** The first moment of the next day there. Found by looking, as not every day has a midnight. */
export function nextMidnight(nowMs: number, timeZone: string): Date {
  const today = localDay(nowMs, timeZone);
  let before = Math.floor(nowMs / STEP_MS);
  let after = before + LONGEST_DAY_MS / STEP_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDay(middle * STEP_MS, timeZone) === today) before = middle;
    else after = middle;
  }
  return new Date(after * STEP_MS);
}

/** The first moment of the day that it is there. */
export function lastMidnight(nowMs: number, timeZone: string): Date {
  const today = localDay(nowMs, timeZone);
  let after = Math.floor(nowMs / STEP_MS);
  let before = after - LONGEST_DAY_MS / STEP_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDay(middle * STEP_MS, timeZone) === today) after = middle;
    else before = middle;
  }
  return new Date(after * STEP_MS);
}

/** Making one takes a thousand times as long as using it. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = makeFormatter(timeZone);
  if (formatters.size >= MAX_FORMATTERS) formatters.clear();
  formatters.set(timeZone, made);
  return made;
}

function makeFormatter(timeZone: string): Intl.DateTimeFormat {
  try {
    // The language whose dates are written year, month, day with dashes.
    return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  } catch (error) {
    if (error instanceof RangeError) return makeFormatter('UTC');
    throw error;
  }
}
