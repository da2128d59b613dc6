export interface LocalTime {
  /** Such as `Saturday, 21 November 2026`. */
  date: string;
  /** Such as `14:05`. */
  time: string;
  /** IANA. */
  zone: string;
}

/** In English, whatever the person's language: it is read by a model, not by them. */
export function localTime(now: string, timeZone: string): LocalTime {
  const instant = new Date(now);
  const zone = knownZone(timeZone);
  const date = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => date.find((one) => one.type === type)?.value ?? '';
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(instant);
  return { date: `${part('weekday')}, ${part('day')} ${part('month')} ${part('year')}`, time, zone };
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
