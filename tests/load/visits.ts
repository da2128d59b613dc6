import type { Routes } from '@parley/sdk/contract';
import { oneOf, type Random } from './random.ts';
import { wordOf } from './words.ts';

export interface Visitor {
  cookie: string;
  /** The long conversation, in which he also sends. */
  chatId: string;
  otherIds: string[];
}
/** One request of a visit, `atMs` after its begin. */
export interface Ask {
  atMs: number;
  route: keyof Routes;
  path: string;
  body?: object;
}

/**
 * What the web app asks while somebody uses it for three quarters of a minute: all at once when a tab opens, again when it comes back,
 * and one by one where the person does something. Sending is not in it: streams are another part of the load.
 */
export function planVisit(random: Random, visitor: Visitor): Ask[] {
  const asks: Ask[] = [];
  let atMs = 0;
  const ask = (route: keyof Routes, fill: { id?: string; query?: string; body?: object } = {}) => {
    const path = route.slice(route.indexOf(' ') + 1).replace(':id', fill.id ?? '');
    asks.push({ atMs, route, path: fill.query === undefined ? path : `${path}?${fill.query}`, body: fill.body });
  };
  const later = (ms: number) => void (atMs += ms * (0.5 + random()));
  const perhaps = (share: number, act: () => void) => {
    if (random() < share) act();
  };

  const list = () => {
    ask('GET /api/conversations', { query: 'archived=false&pinned=true&limit=100' });
    ask('GET /api/conversations', { query: 'archived=false&pinned=false&limit=50' });
    ask('GET /api/turns');
  };
  const state = () => {
    ask('GET /api/limits');
    ask('GET /api/credits');
  };
  const open = (id: string) => {
    later(3_000);
    ask('GET /api/conversations/:id', { id });
    ask('GET /api/conversations/:id/messages', { id, query: 'limit=40' });
  };
  /** A socket that was away: what was missed meanwhile is asked for. */
  const comeBack = () => {
    later(5_000);
    list();
    state();
  };

  ask('GET /api/auth/policy');
  ask('GET /api/me');
  ask('GET /api/models');
  state();
  list();
  open(oneOf(random, visitor.otherIds));
  open(visitor.chatId);
  for (let pause = 0; pause < 4; pause += 1) {
    later(1_500);
    ask('POST /api/estimate', { body: { conversationId: visitor.chatId, text: typed(random, 4 + pause * 6) } });
  }
  perhaps(0.4, () => {
    later(2_000);
    ask('GET /api/search', { query: `q=${wordOf(random)}&limit=20` });
    later(2_000);
    ask('GET /api/search', { query: `q=${wordOf(random)}+${wordOf(random)}&limit=20` });
  });
  comeBack();
  perhaps(0.3, () => {
    later(3_000);
    ask('PATCH /api/conversations/:id', { id: oneOf(random, visitor.otherIds), body: { title: typed(random, 3) } });
  });
  perhaps(0.2, () => {
    later(3_000);
    ask('POST /api/conversations', { body: { title: typed(random, 2) } });
  });
  perhaps(0.2, () => {
    later(3_000);
    ask('GET /api/usage');
    ask('GET /api/credits');
    ask('GET /api/limits');
    ask('GET /api/credits/ledger');
  });
  perhaps(0.2, () => {
    later(3_000);
    ask('PATCH /api/me', { body: { theme: oneOf(random, ['light', 'dark', 'system']) } });
    ask('GET /api/me/sessions');
    later(2_000);
    ask('PATCH /api/conversations/:id', { id: visitor.chatId, body: { parameters: { temperature: random() } } });
  });
  comeBack();
  return asks;
}

function typed(random: Random, words: number): string {
  return Array.from({ length: words }, () => wordOf(random)).join(' ');
}
