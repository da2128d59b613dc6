import { BlockList } from 'node:net';
import { resolve } from 'node:path';
import { Email, Password } from '@parley/sdk/contract';
import { z } from 'zod';
import { addRange } from '../lib/address-range.ts';
import { type Config, logLevels, roles } from './config.ts';
import { s3Settings, s3Variables, wholeS3 } from './s3-variables.ts';
import { url } from './url-variable.ts';

/** All that is wrong with the environment, one sentence for each variable. */
export class ConfigError extends Error {
  readonly code = 'config.invalid';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

const portNumber = z
  .string()
  .regex(/^\d{1,5}$/, { message: 'must be a port number' })
  .transform(Number)
  .refine((port) => port <= 65_535, { message: 'must be a port number up to 65535' });

/** As OpenTelemetry writes them: `name=value`, separated by commas, values percent-encoded. */
function headerList(text: string, context: z.RefinementCtx): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of text.split(',').filter((one) => one.trim() !== '')) {
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)=(.*)$/.exec(pair) ?? [];
    try {
      if (name === undefined || value === undefined) throw new URIError();
      headers[name] = decodeURIComponent(value.trim());
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
      // Without its text: it may hold a credential.
      context.addIssue({ code: 'custom', message: 'must be a list like name=value,other=value' });
    }
  }
  return headers;
}

/** Every variable Parley reads; the reason to set one stands in `.env.example`. */
const Environment = z
  .object({
    PORT: portNumber.default(3000),
    HOST: z.string().max(255).default('127.0.0.1'),
    PARLEY_DATA_DIR: z.string().default('./data'),
    DATABASE_URL: url('postgres:', 'postgresql:').optional(),
    REDIS_URL: url('redis:', 'rediss:').optional(),
    ...s3Variables,
    PARLEY_PUBLIC_URL: url('http:', 'https:')
      .refine((value) => URL.parse(value)?.pathname === '/', {
        message: 'must be an origin such as https://chat.example.com, without a path',
      })
      .optional(),
    PARLEY_SECRET: z
      .string()
      .min(32, { message: 'must have at least 32 characters, such as the output of `openssl rand -base64 32`' })
      .optional(),
    PARLEY_SETUP_EMAIL: Email.optional(),
    PARLEY_SETUP_PASSWORD: Password.optional(),
    PARLEY_TRUSTED_PROXIES: z
      .string()
      .transform((value) =>
        value
          .split(',')
          .map((entry) => entry.trim())
          .filter((entry) => entry !== ''),
      )
      .superRefine((entries, context) => {
        for (const entry of entries) {
          if (!addRange(new BlockList(), entry)) {
            context.addIssue({
              code: 'custom',
              message: `"${entry}" is neither an IP address nor a range like 10.0.0.0/8`,
            });
          }
        }
      })
      .default([]),
    // Printable and short enough to be read from a header again.
    PARLEY_STRIPE_WEBHOOK_SECRET: z
      .string()
      .regex(/^whsec_[\w+/=-]{10,200}$/, { message: 'must be the signing secret of the webhook endpoint (whsec_…)' })
      .optional(),
    PARLEY_METRICS_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]{16,200}$/, {
        message: 'must have 16 to 200 characters without spaces, such as the output of `openssl rand -hex 32`',
      })
      .optional(),
    PARLEY_METRICS_PORT: portNumber.optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: url('http:', 'https:').optional(),
    OTEL_EXPORTER_OTLP_HEADERS: z.string().transform(headerList).default({}),
    OTEL_SERVICE_NAME: z.string().max(100).default('parley'),
    OTEL_TRACES_SAMPLER_ARG: z
      .string()
      .regex(/^(?:0|1|0?\.\d+|[01]\.\d+)$/, { message: 'must be a share from 0 to 1' })
      .transform(Number)
      .refine((share) => share <= 1, { message: 'must be a share from 0 to 1' })
      .default(1),
    PARLEY_DRAIN_SECONDS: z
      .string()
      .regex(/^\d{1,4}$/, { message: 'must be a number of seconds' })
      .transform(Number)
      .refine((seconds) => seconds <= 3_600, { message: 'must be at most 3600' })
      .optional(),
    PARLEY_ROLE: z.enum(roles).default('all'),
    LOG_LEVEL: z.enum(logLevels).default('info'),
  })
  .superRefine(wholeS3)
  .superRefine((values, context) => {
    if (values.PARLEY_ROLE === 'all') return;
    for (const name of ['DATABASE_URL', 'REDIS_URL'] as const) {
      if (values[name] !== undefined) continue;
      const message = `must be set too: a process of the role ${values.PARLEY_ROLE} shares its work with others`;
      context.addIssue({ code: 'custom', path: [name], message });
    }
  })
  .superRefine((values, context) => {
    if (values.PARLEY_METRICS_PORT !== values.PORT || values.PORT === 0) return;
    context.addIssue({ code: 'custom', path: ['PARLEY_METRICS_PORT'], message: 'must be another port than PORT' });
  })
  .superRefine((values, context) => {
    if ((values.PARLEY_SETUP_EMAIL === undefined) === (values.PARLEY_SETUP_PASSWORD === undefined)) return;
    const missing = values.PARLEY_SETUP_EMAIL === undefined ? 'PARLEY_SETUP_EMAIL' : 'PARLEY_SETUP_PASSWORD';
    context.addIssue({
      code: 'custom',
      path: [missing],
      message: 'must be set too: the first admin needs an address and a password',
    });
  });

/** Reads the environment once; the only place that does. Throws a `ConfigError` that lists every problem. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env, cwd = process.cwd()): Config {
  const parsed = Environment.safeParse(withoutEmpty(environment));
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  }
  const values = parsed.data;
  return {
    server: {
      host: values.HOST,
      port: values.PORT,
      publicUrl: values.PARLEY_PUBLIC_URL === undefined ? null : new URL(values.PARLEY_PUBLIC_URL).origin,
      trustedProxies: values.PARLEY_TRUSTED_PROXIES,
    },
    dataDir: resolve(cwd, values.PARLEY_DATA_DIR),
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    s3: s3Settings(values),
    secret: values.PARLEY_SECRET ?? null,
    setup:
      values.PARLEY_SETUP_EMAIL !== undefined && values.PARLEY_SETUP_PASSWORD !== undefined
        ? { email: values.PARLEY_SETUP_EMAIL, password: values.PARLEY_SETUP_PASSWORD }
        : null,
    drainMs: 1_000 * (values.PARLEY_DRAIN_SECONDS ?? (values.DATABASE_URL === undefined ? 5 : 30)),
    role: values.PARLEY_ROLE,
    stripeWebhookSecret: values.PARLEY_STRIPE_WEBHOOK_SECRET ?? null,
    metrics: { token: values.PARLEY_METRICS_TOKEN ?? null, port: values.PARLEY_METRICS_PORT ?? null },
    tracing:
      values.OTEL_EXPORTER_OTLP_ENDPOINT === undefined
        ? null
        : {
            endpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, ''),
            headers: values.OTEL_EXPORTER_OTLP_HEADERS,
            serviceName: values.OTEL_SERVICE_NAME,
            sampleRatio: values.OTEL_TRACES_SAMPLER_ARG,
          },
    logLevel: values.LOG_LEVEL,
  };
}

/** Compose files and shells hand over empty variables for absent ones. */
function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
}
