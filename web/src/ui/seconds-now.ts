import { createSubscriber } from 'svelte/reactivity';

const eachSecond = createSubscriber((update) => {
  const timer = setInterval(update, 1_000);
  return () => clearInterval(timer);
});

/** The time, for what counts seconds: whoever reads it is drawn again each second, and one clock serves all. */
export function secondsNow(): number {
  eachSecond();
  return Date.now();
}
