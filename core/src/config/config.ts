/** What the rooms of the core are told, in sections; made from the environment by `env.ts`, or by hand in tests. */
export interface Config {
  server: {
    host: string;
    /** 0 picks a free one. */
    port: number;
    /** Where people reach Parley when that is not `http://host:port`; without a trailing slash. */
    publicUrl: string | null;
    /** Addresses or CIDR ranges whose `X-Forwarded-*` headers count. */
    trustedProxies: readonly string[];
  };
  /** Absolute. */
  dataDir: string;
  /** Null: the embedded PostgreSQL. */
  databaseUrl: string | null;
  /** Null: one process, everything in memory. */
  redisUrl: string | null;
  /** Null: objects are files in the data folder. */
  s3: { endpoint: string; bucket: string; region: string; accessKeyId: string; secretAccessKey: string } | null;
  /** What the key for secrets at rest is derived from; null: the file `secret.key` in the data folder. */
  secret: string | null;
  /** The first admin of an unattended installation. */
  setup: { email: string; password: string } | null;
  /** How long replies that are being written may take to finish once the process was told to stop. */
  drainMs: number;
  /** What this process does for the cluster. */
  role: Role;
  /** What Stripe signs its calls with; null: credits are not sold over Stripe. */
  stripeWebhookSecret: string | null;
  /** Where scrapers find the metrics; both null: nowhere. With a port they are there alone. */
  metrics: { token: string | null; port: number | null };
  /** Where traces are sent, over OTLP/HTTP; null: nowhere. */
  tracing: {
    /** Without a trailing slash; `/v1/traces` is put behind it. */
    endpoint: string;
    headers: Record<string, string>;
    serviceName: string;
    /** Of the traces that begin here, from 0 to 1. */
    sampleRatio: number;
  } | null;
  logLevel: LogLevel;
}

/** `web` serves people and runs their turns, `worker` does what is done once per cluster, `all` is both. */
export const roles = ['all', 'web', 'worker'] as const;
export type Role = (typeof roles)[number];

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
