/**
 * The key of a booking: the same as long as what is asked for is the same, so that pressing again after an answer that
 * never came books nothing twice; another one for anything else.
 */
export function bookingKeys(): (booking: unknown) => string {
  let known = '';
  let key = '';
  return (booking) => {
    const text = JSON.stringify(booking);
    if (text !== known) key = crypto.randomUUID();
    known = text;
    return key;
  };
}
