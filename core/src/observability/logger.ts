import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Whatever stands under these names is a credential or may hold one; it never reaches a log line. */
const secretFields = [
  'password',
  'current',
  'next',
  'token',
  'secret',
  'secrets',
  'apiKey',
  'key',
  'authorization',
  'cookie',
  'set-cookie',
];

export interface LoggerOptions {
  level: string;
  /** Absent: standard output. */
  destination?: DestinationStream;
}

export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level,
      base: undefined,
      redact: {
        paths: secretFields.flatMap((name) => {
          const field = name.includes('-') ? `["${name}"]` : name;
          const nested = name.includes('-') ? `*["${name}"]` : `*.${name}`;
          return [field, nested, name.includes('-') ? `*.*["${name}"]` : `*.*.${name}`];
        }),
        censor: '[redacted]',
      },
    },
    options.destination ?? pino.destination({ sync: false }),
  );
}
