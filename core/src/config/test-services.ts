/** Servers a test run has already started; whoever finds none here starts its own. */
export interface TestServices {
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

export function readTestServices(): TestServices {
  return { databaseUrl: process.env.PARLEY_TEST_DATABASE_URL, redisUrl: process.env.PARLEY_TEST_REDIS_URL };
}

/** How much a test does that has a short form and a long one; the short one unless a variable `PARLEY_TEST_…` says more. */
export function testSize(
  name: 'COMMANDS' | 'OUTAGE' | 'RACES' | 'ROUNDS' | 'SEED' | 'STREAMS' | 'TRANSFERS',
  usual: number,
): number {
  return Number(process.env[`PARLEY_TEST_${name}`] ?? usual);
}
