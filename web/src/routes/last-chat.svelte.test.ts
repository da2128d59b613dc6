import type { User } from '@parley/sdk/contract';
import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { session } from '../api/session.svelte.ts';
import { lastChatPath, rememberChat } from './last-chat.ts';

const person = (id: string) => ({ id }) as User;

describe('the chat that was open last', () => {
  beforeEach(() => session.enter(person('ada')));
  afterEach(() => {
    session.leave();
    localStorage.clear();
  });

  test('is where its person begins, until a new one is open', () => {
    rememberChat('c1');
    expect(lastChatPath()).toBe('/chat/c1');
    rememberChat(null);
    expect(lastChatPath()).toBe('/chat/new');
  });

  test('is there after signing in again, and is nobody else’s', () => {
    rememberChat('c1');
    session.leave();
    session.enter(person('next'));
    expect(lastChatPath()).toBe('/chat/new');
    session.enter(person('ada'));
    expect(lastChatPath()).toBe('/chat/c1');
  });

  test('that is still on the screen when another person signs in does not become theirs', () => {
    const stop = $effect.root(() => {
      $effect(() => rememberChat('c1'));
    });
    flushSync();
    session.enter(person('next'));
    flushSync();
    stop();
    expect(lastChatPath()).toBe('/chat/new');
  });
});
