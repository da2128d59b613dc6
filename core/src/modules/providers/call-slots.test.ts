import { describe, expect, test } from 'vitest';
import { createCallSlots } from './call-slots.ts';

function setup(total: number, perConnection: number) {
  const slots = createCallSlots({ total, perConnection });
  const started: string[] = [];
  const waits: number[] = [];
  const take = (name: string, connection = 'a') =>
    slots.take(
      connection,
      () => started.push(name),
      (ahead) => waits.push(ahead),
    );
  return { take, started, waits };
}

describe('places for provider calls', () => {
  test('let calls start at once while there is room', () => {
    const { take, started, waits } = setup(2, 2);
    take('one');
    take('two');
    expect([started, waits]).toEqual([['one', 'two'], []]);
  });

  test('make later ones wait in order and say how many are ahead', () => {
    const { take, started, waits } = setup(1, 1);
    const end = take('one');
    const endTwo = take('two');
    take('three');
    expect([started, waits]).toEqual([['one'], [0, 1]]);
    end();
    expect(started).toEqual(['one', 'two']);
    endTwo();
    expect(started).toEqual(['one', 'two', 'three']);
  });

  test('a slow connection does not hold up another one', () => {
    const { take, started } = setup(3, 1);
    take('a1', 'a');
    take('a2', 'a');
    take('b1', 'b');
    expect(started).toEqual(['a1', 'b1']);
  });

  test('who leaves the queue frees no place, and giving back twice counts once', () => {
    const { take, started } = setup(1, 1);
    const end = take('one');
    const leave = take('two');
    take('three');
    take('four');
    leave();
    leave();
    end();
    end();
    expect(started).toEqual(['one', 'three']);
  });
});
