import type { Preferences } from '@parley/sdk/contract';
import type { LiveReply } from '../stream/turn-reducer.ts';

/** Long enough to know what it says; the rest is read in the log. */
const spokenChars = 500;
const livePauseMs = 3_000;
const sentenceEnd = /^[\s\S]*[.!?。！？\n](?=\s|$|[^\s.!?])/u;

export interface AnnouncerPorts {
  say(text: string): void;
  words(key: 'said-start' | 'said-stopped' | 'said-interrupted'): string;
  finished(text: string): string;
  failed(text: string): string;
  /** Empty for a free reply. */
  cost(reply: LiveReply): string;
  withCost(words: string, cost: string): string;
  setting(): Preferences['announcements'];
  now(): number;
}

/** What a screen reader hears of replies: that one begins, whole sentences when that is wanted, and how it ended. */
export class ReplyAnnouncer {
  readonly #ports: AnnouncerPorts;
  readonly #spoken = new Map<string, { chars: number; at: number }>();

  constructor(ports: AnnouncerPorts) {
    this.#ports = ports;
  }

  moved(reply: LiveReply): void {
    if (this.#ports.setting() === 'off') return;
    switch (reply.state) {
      case 'queued':
        return;
      case 'running':
        if (!this.#spoken.has(reply.turnId)) this.#begin(reply);
        return;
      case 'completed':
        return this.#end(reply, this.#ports.finished(this.#rest(reply).slice(0, spokenChars)));
      case 'stopped':
        return this.#end(reply, this.#ports.words('said-stopped'));
      case 'failed':
        return this.#end(reply, this.#ports.failed(reply.failure?.detail ?? ''));
      case 'interrupted':
        return this.#end(reply, this.#ports.words('said-interrupted'));
    }
  }

  /** Called as text comes; speaks only when the setting is Live. */
  grew(reply: LiveReply): void {
    const spoken = this.#spoken.get(reply.turnId);
    if (this.#ports.setting() !== 'live' || spoken === undefined) return;
    if (this.#ports.now() - spoken.at < livePauseMs) return;
    const sentences = sentenceEnd.exec(reply.text.slice(spoken.chars))?.[0] ?? '';
    if (sentences.trim() === '') return;
    this.#spoken.set(reply.turnId, { chars: spoken.chars + sentences.length, at: this.#ports.now() });
    this.#ports.say(sentences.trim());
  }

  #begin(reply: LiveReply): void {
    this.#spoken.set(reply.turnId, { chars: 0, at: this.#ports.now() });
    this.#ports.say(this.#ports.words('said-start'));
  }

  #rest(reply: LiveReply): string {
    return reply.text.slice(this.#spoken.get(reply.turnId)?.chars ?? 0).trim();
  }

  #end(reply: LiveReply, words: string): void {
    this.#spoken.delete(reply.turnId);
    const cost = this.#ports.cost(reply);
    this.#ports.say(cost === '' ? words : this.#ports.withCost(words, cost));
  }
}
