import { apply } from './primordials.ts';
import { post } from './outbox.ts';
import { currentCallId } from './current-call.ts';

interface Timer {
  callback: (...args: unknown[]) => void;
  args: unknown[];
  milliseconds: number;
  repeats: boolean;
  callId: number;
}
const timers: Map<number, Timer> = new Map();
let nextTimer = 1;

/** Nothing finer than a millisecond, and 24 days at most, as in browsers. */
function clampDelay(milliseconds: unknown): number {
  const asked = Math.floor(Number(milliseconds));
  return asked >= 1 && asked <= 2_147_483_647 ? asked : 1;
}

export function startTimer(callback: unknown, milliseconds: unknown, repeats: boolean, args: unknown[] = []): number {
  if (typeof callback !== 'function') throw new TypeError('a timer needs a function');
  const timer = {
    callback: callback as Timer['callback'],
    args,
    milliseconds: clampDelay(milliseconds),
    repeats,
    callId: currentCallId(),
  };
  const number = nextTimer++;
  timers.set(number, timer);
  post('T', timer.callId, number, String(timer.milliseconds));
  return number;
}

export function stopTimer(number: unknown): void {
  const timer = timers.get(number as number);
  if (timer === undefined) return;
  timers.delete(number as number);
  post('U', timer.callId, number as number, '');
}

export function ringTimer(number: number): void {
  const timer = timers.get(number);
  if (timer === undefined) return;
  if (timer.repeats) post('T', timer.callId, number, String(timer.milliseconds));
  else timers.delete(number);
  // Each callback is a task of its own: one that throws must not keep the rest of a batch from ringing.
  queueMicrotaskSafely(() => apply(timer.callback, undefined, timer.args));
}

export function queueMicrotaskSafely(task: () => unknown): void {
  void Promise.resolve().then(task);
}
