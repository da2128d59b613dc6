/** Servers a test run has already started; whoever finds none here starts its own. */
export interface TestServices {
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

export function readTestServices(): TestServices {
  return { databaseUrl: process.env.PARLEY_TEST_DATABASE_URL, redisUrl: process.env.PARLEY_TEST_REDIS_URL };
}
