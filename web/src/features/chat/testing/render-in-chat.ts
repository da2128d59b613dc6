import { render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import type { ChatScreenState } from '../screen/chat-screen.svelte.ts';
import ChatHarness from './ChatHarness.svelte';

/** Draws a component that finds its chat in the context. */
export function renderInChat<Props extends Record<string, unknown>>(
  chat: ChatScreenState,
  component: Component<Props>,
  given: Props,
): void {
  // The harness hands on whatever it is given; that both belong together is checked by the signature above.
  const tested = component as unknown as Component<Record<string, unknown>>;
  render(ChatHarness, { chat, component: tested, given });
}
