import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Connection } from './connection.svelte.ts';

describe('the connection', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('that is lost for a moment is not spoken of', () => {
    const connection = new Connection();
    connection.up();
    connection.down();
    vi.advanceTimersByTime(1_400);
    expect(connection.state).toBe('silent');
    connection.up();
    expect(connection.state).toBe('connected');
  });

  test('that stays lost is reconnecting, then offline, and back for a while when it returns', () => {
    const connection = new Connection();
    connection.up();
    connection.down();
    vi.advanceTimersByTime(1_500);
    expect(connection.state).toBe('reconnecting');
    // Each failed attempt says it again; the clock must not start over.
    connection.down();
    vi.advanceTimersByTime(12_000);
    expect(connection.state).toBe('offline');
    connection.up();
    expect(connection.state).toBe('back');
    vi.advanceTimersByTime(3_000);
    expect(connection.state).toBe('connected');
  });

  test('stays offline through failed attempts, until somebody retries', () => {
    const connection = new Connection();
    connection.up();
    connection.down();
    vi.advanceTimersByTime(20_000);
    connection.down();
    expect(connection.state).toBe('offline');
    connection.retrying();
    expect(connection.state).toBe('reconnecting');
  });

  test('never speaks before it was there, nor after it was closed on purpose', () => {
    const connection = new Connection();
    expect(connection.state).toBe('silent');
    connection.up();
    connection.rest();
    vi.advanceTimersByTime(60_000);
    expect(connection.state).toBe('silent');
  });
});
