import { Agent, request as send } from 'node:http';
import { randomFrom, oneOf, waitingTime } from './random.ts';
import { type RouteTimes, RouteWatch } from './route-times.ts';
import { type Ask, planVisit, type Visitor } from './visits.ts';

export type VisitorsOrder =
  | { kind: 'visits-begin'; url: string; people: Visitor[]; requestsPerSecond: number; seed: number }
  | { kind: 'visits-mark' }
  | { kind: 'visits-end' }
  | { kind: 'ask-in-turn'; url: string; asks: (Ask & { cookie: string })[] };

export interface VisitsWindow {
  all: RouteTimes;
  routes: RouteTimes[];
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
const watch = new RouteWatch();
let ended = true;
const timers = new Set<NodeJS.Timeout>();

/** Requests at a rate that does not wait for answers: who is slow is asked all the same, and the time runs from when a request was due. */
export async function carryOutVisits(order: VisitorsOrder): Promise<VisitsWindow | number[] | null> {
  switch (order.kind) {
    case 'visits-begin':
      begin(order);
      return null;
    case 'visits-mark':
      return watch.take();
    case 'visits-end':
      ended = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      return watch.take();
    case 'ask-in-turn': {
      const times: number[] = [];
      for (const one of order.asks) {
        const started = performance.now();
        const status = await answerOf(order.url, one, one.cookie);
        if (status !== 200) throw new Error(`${one.route} answered ${status}`);
        times.push(performance.now() - started);
      }
      return times;
    }
  }
}

function begin({ url, people, requestsPerSecond, seed }: Extract<VisitorsOrder, { kind: 'visits-begin' }>): void {
  ended = false;
  const random = randomFrom(seed);
  const { asksPerVisit, visitMs } = usualVisit(people);
  const apartMs = (asksPerVisit / requestsPerSecond) * 1000;

  const visit = (sinceMs: number) => {
    const visitor = oneOf(random, people);
    for (const ask of planVisit(random, visitor)) {
      if (ask.atMs < sinceMs) continue;
      const due = performance.now() + ask.atMs - sinceMs;
      later(ask.atMs - sinceMs, () => void run(url, ask, visitor.cookie, due));
    }
  };
  const next = () => {
    visit(0);
    later(waitingTime(random, apartMs), next);
  };
  // Those who came before we look are in the midst of it.
  for (let ms = 0; ms < visitMs; ms += waitingTime(random, apartMs)) visit(ms);
  next();
}

function later(ms: number, act: () => void): void {
  const timer = setTimeout(() => {
    timers.delete(timer);
    if (!ended) act();
  }, ms);
  timers.add(timer);
}

async function run(url: string, ask: Ask, cookie: string, due: number): Promise<void> {
  const status = await answerOf(url, ask, cookie);
  watch.answered(ask.route, performance.now() - due, status);
}

/** 0: none came. */
function answerOf(url: string, { route, path, body }: Ask, cookie: string): Promise<number> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const headers: Record<string, string | number> = { cookie, accept: 'application/json', origin: url };
  if (text !== undefined) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = Buffer.byteLength(text);
  }
  const method = route.slice(0, route.indexOf(' '));
  return new Promise((resolve) => {
    const request = send(url + path, { method, agent, headers }, (response) => {
      response.on('error', () => resolve(0));
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    });
    request.on('error', () => resolve(0));
    request.end(text);
  });
}

/** On average over many. */
function usualVisit(people: readonly Visitor[]): { asksPerVisit: number; visitMs: number } {
  const random = randomFrom(1);
  const plans = Array.from({ length: 500 }, () => planVisit(random, people[0]!));
  const mean = (pick: (plan: Ask[]) => number) => plans.reduce((sum, plan) => sum + pick(plan), 0) / plans.length;
  return { asksPerVisit: mean((plan) => plan.length), visitMs: mean((plan) => plan.at(-1)!.atMs) };
}
