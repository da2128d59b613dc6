export interface LocalTime {
  /** Such as `Saturday, 21 November 2026`. */
  date: string;
  /** Such as `14:05`. */
  time: string;
  /** IANA. */
  zone: string;
}

interface Formats {
  zone: string;
  date: Intl.DateTimeFormat;
  time: Intl.DateTimeFormat;
}
/** Making one takes longer than everything else that is done for a prompt, and people share their zones. */
const formats = new Map<string, Formats>();
/** More than there are zones in use at once; names that nobody knows must not pile up. */
const mostFormats = 64;

/** In English, whatever the person's language: it is read by a model, not by them. */
export function localTime(now: string, timeZone: string): LocalTime {
  const instant = new Date(now);
  const { zone, date, time } = formatsFor(timeZone);
  const parts = date.formatToParts(instant);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    date: `${part('weekday')}, ${part('day')} ${part('month')} ${part('year')}`,
    time: time.format(instant),
    zone,
  };
}

function formatsFor(timeZone: string): Formats {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const zone = knownZone(timeZone);
  const made = {
    zone,
    date: new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    }),
    time: new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }),
  };
  if (formats.size >= mostFormats) formats.clear();
  formats.set(timeZone, made);
  return made;
}

/** A browser may report a zone that this system's data does not know; the day is then still nearly right. */
function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return 'UTC';
    throw error;
  }
}
