/** What `npm run load` puts on one instance. Everything it needs (upstream, clients, database) runs beside it. */
export const loadPlan = {
  /** Each has a session and a socket of his own. */
  people: 1_000,
  /** Open at any moment; each is followed by somebody else's. */
  streams: 200,
  tokensPerStream: 540,
  model: 'rate-30-540',
  /** Of HTTP requests, all people together: one every eight seconds from each of them. */
  requestsPerSecond: 120,
  /** Messages of the conversation in which people write, and of which prices are estimated. */
  messagesInChat: 40,
  /** Beside it, with two messages each. */
  otherChats: 9,
  /** As long as a stream takes: from then on they end and begin one by one, as people do, and not in waves. */
  rampMs: 18_000,
  floorRampMs: 5_000,
  warmUpMs: 15_000,
  /** For the cost of streams without any other traffic. */
  streamsAloneMs: 15_000,
} as const;

export interface LoadSize {
  people: number;
  streams: number;
  requestsPerSecond: number;
}
