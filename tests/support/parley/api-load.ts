/** One kind of request, made anew for each time it is sent. */
export type ApiAsk = (person: number) => {
  method?: string;
  path: string;
  body?: unknown;
  /** Told of each that was done. */
  done?(answer: unknown): void;
};

export interface ApiAnswer {
  /** When it came, by `performance.now()`. */
  at: number;
  ms: number;
  /** 0: there was no answer at all. */
  status: number;
  retryAfter: string | null;
  code: string;
  request: string;
}

export interface ApiLoad {
  answers: readonly ApiAnswer[];
  /** Resolves when what was asked is answered. */
  stop(): Promise<void>;
}

const TICK_MS = 20;
/** Longer than anybody waits for a page. */
const GIVE_UP_MS = 30_000;

/**
 * Asks all instances in turn, in the names of all people in turn, so many times a second, whatever comes back. As people do, nobody
 * asks again before he is answered: on a machine that can't keep up there are fewer requests, not a queue of them.
 */
export function startApiLoad(options: {
  urls: readonly string[];
  cookies: readonly string[];
  perSecond: number;
  asks: readonly ApiAsk[];
}): ApiLoad {
  const { urls, cookies, perSecond, asks } = options;
  const answers: ApiAnswer[] = [];
  const open = new Set<Promise<void>>();
  const begunAt = performance.now();
  let sent = 0;
  /** Requests that were due while everybody waited. */
  let held = 0;

  async function send(nth: number): Promise<void> {
    const person = nth % cookies.length;
    // By rounds of people, or each of them would always ask the same.
    const { method = 'GET', path, body, done } = asks[(nth + Math.floor(nth / cookies.length)) % asks.length]!(person);
    const headers: Record<string, string> = { cookie: cookies[person]! };
    if (body !== undefined) headers['content-type'] = 'application/json';
    const began = performance.now();
    const came = { status: 0, retryAfter: null as string | null, code: '' };
    try {
      const url = urls[(nth + Math.floor(nth / urls.length)) % urls.length]! + path;
      const signal = AbortSignal.timeout(GIVE_UP_MS);
      const answer = await fetch(url, { method, headers, body: JSON.stringify(body) ?? null, signal });
      const text = await answer.text();
      came.retryAfter = answer.headers.get('retry-after');
      came.code = answer.ok ? '' : ((JSON.parse(text) as { code?: string }).code ?? '');
      came.status = answer.status;
      if (answer.ok) done?.(JSON.parse(text));
    } catch (error) {
      came.code = String(error instanceof Error ? (error.cause ?? error) : error);
    }
    const at = performance.now();
    answers.push({ at, ms: at - began, request: `${method} ${path}`, ...came });
  }

  const timer = setInterval(() => {
    const due = ((performance.now() - begunAt) / 1_000) * perSecond - held;
    for (; sent < due; sent += 1) {
      if (open.size >= cookies.length) {
        held += due - sent;
        return;
      }
      const one = send(sent).finally(() => open.delete(one));
      open.add(one);
    }
  }, TICK_MS);

  return {
    answers,
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
    },
  };
}

/** How often each status came, with the code where one was refused. */
export function tally(answers: readonly ApiAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, code } of answers) {
    const key = `${status} ${code}`.trim();
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
