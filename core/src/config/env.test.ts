import { expect, test } from 'vitest';
import { ConfigError, readConfig } from './env.ts';

test('nothing set is a complete configuration', () => {
  expect(readConfig({ PORT: '' }, '/srv/parley')).toEqual({
    server: { host: '127.0.0.1', port: 3000, publicUrl: null, trustedProxies: [] },
    dataDir: '/srv/parley/data',
    databaseUrl: null,
    redisUrl: null,
    s3: null,
    secret: null,
    setup: null,
    drainMs: 5_000,
    role: 'all',
    stripeWebhookSecret: null,
    metrics: { token: null, port: null },
    tracing: null,
    logLevel: 'info',
  });
});

test('every problem is listed at once, each with its variable', () => {
  const environment = {
    PORT: '70000',
    DATABASE_URL: 'mysql://localhost/x',
    REDIS_URL: 'localhost',
    PARLEY_PUBLIC_URL: 'https://example.com/chat',
    PARLEY_SECRET: 'short',
    PARLEY_SETUP_EMAIL: 'nobody',
    PARLEY_TRUSTED_PROXIES: '10.0.0.0/8, proxy.example, 10.0.0.0/64',
    S3_ENDPOINT: 's3.example.com',
    S3_BUCKET: 'A bucket',
    PARLEY_DRAIN_SECONDS: '1.5',
    PARLEY_ROLE: 'waiter',
    PARLEY_METRICS_TOKEN: 'with a space in it',
    PARLEY_METRICS_PORT: '-1',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
    OTEL_EXPORTER_OTLP_HEADERS: 'no value',
    OTEL_TRACES_SAMPLER_ARG: '1.5',
    LOG_LEVEL: 'loud',
  };
  const problems = problemsOf(environment);
  for (const name of Object.keys(environment)) expect(problems.some((line) => line.startsWith(name))).toBe(true);
  expect(problems.filter((line) => line.startsWith('PARLEY_TRUSTED_PROXIES'))).toHaveLength(2);
});

test('an unattended first admin needs both halves', () => {
  expect(problemsOf({ PARLEY_SETUP_EMAIL: 'a@example.com' })).toEqual([
    'PARLEY_SETUP_PASSWORD must be set too: the first admin needs an address and a password',
  ]);
});

test('a bucket needs all of its variables', () => {
  const half = { S3_ENDPOINT: 'https://s3.example.com/', S3_BUCKET: 'parley' };
  expect(problemsOf(half).map((line) => line.split(' ')[0])).toEqual(['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']);
  const { s3 } = readConfig({ ...half, S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'key' });
  expect(s3).toMatchObject({ endpoint: 'https://s3.example.com', region: 'us-east-1' });
});

test('a process that does a part of the work needs what it shares with the others', () => {
  expect(problemsOf({ PARLEY_ROLE: 'worker', DATABASE_URL: 'postgres://localhost/x' })).toEqual([
    'REDIS_URL must be set too: a process of the role worker shares its work with others',
  ]);
  const shared = { DATABASE_URL: 'postgres://localhost/x', REDIS_URL: 'redis://localhost' };
  expect(readConfig({ PARLEY_ROLE: 'web', ...shared })).toMatchObject({ role: 'web', drainMs: 30_000 });
});

test('metrics want a port that the app does not use itself', () => {
  expect(problemsOf({ PORT: '4000', PARLEY_METRICS_PORT: '4000' })).toEqual([
    'PARLEY_METRICS_PORT must be another port than PORT',
  ]);
  expect(readConfig({ PORT: '0', PARLEY_METRICS_PORT: '0' }).metrics.port).toBe(0);
});

test('traces go where the variables of OpenTelemetry say', () => {
  const environment = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/',
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc, x-tenant = one,y=',
    OTEL_TRACES_SAMPLER_ARG: '0.25',
  };
  expect(problemsOf(environment)).toEqual(['OTEL_EXPORTER_OTLP_HEADERS must be a list like name=value,other=value']);
  environment.OTEL_EXPORTER_OTLP_HEADERS = 'authorization=Bearer%20abc, x-tenant=one';
  expect(readConfig(environment).tracing).toEqual({
    endpoint: 'http://collector:4318',
    headers: { authorization: 'Bearer abc', 'x-tenant': 'one' },
    serviceName: 'parley',
    sampleRatio: 0.25,
  });
});

function problemsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('the configuration was accepted');
}
