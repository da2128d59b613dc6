import { pino, type DestinationStream, type Logger } from 'pino';
import { LogLimiter } from './log-limiter.ts';
import { currentScope } from './log-scope.ts';
import { redact, redactText } from './redact.ts';

export type { Logger } from 'pino';

export interface LoggerOptions {
  level: string;
  /** Absent: standard output. */
  destination?: DestinationStream;
  /** For whoever ends the process, who must let go of what it holds back. */
  limiter?: LogLimiter;
}

const { info, fatal } = pino.levels.values as { info: number; fatal: number };

/**
 * Lines say whom they concern (`log-scope.ts`), hold no credentials (`redact.ts`), and of one kind there is one in a second
 * (`log-limiter.ts`): a fault that hits every request must not bury the line that tells why. Below `info` all are written,
 * because whoever turns that on looks for single ones; a fatal one always is.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { limiter = new LogLimiter() } = options;
  return pino(
    {
      level: options.level,
      base: undefined,
      formatters: { log: redact },
      hooks: {
        logMethod(args, method, level) {
          const [first, ...more]: unknown[] = args;
          const details = detailsOf(first);
          const message = messageOf(first, more);
          // Now, as what is held back is written from a timer that concerns nobody.
          const concerned = { ...currentScope(), ...details };
          const write = (suffix: string) => method.call(this, concerned, redactText(message + suffix));
          if (level >= info && level < fatal) limiter.pass(classOf(level, message, details), write);
          else {
            if (level >= fatal) limiter.flush();
            write('');
          }
        },
      },
    },
    options.destination ?? pino.destination({ sync: false }),
  );
}

function detailsOf(first: unknown): Record<string, unknown> {
  if (first instanceof Error) return { err: first };
  return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : {};
}

function messageOf(first: unknown, more: readonly unknown[]): string {
  const given = typeof first === 'string' ? first : more[0];
  if (typeof given === 'string') return given;
  return first instanceof Error ? first.message : '';
}

/** The same words about the same kind of error, of the same plugin or job. */
function classOf(level: number, message: string, details: Record<string, unknown>): string {
  const { err, plugin, job } = details;
  const kind = err instanceof Error ? ('code' in err ? err.code : err.name) : '';
  return [level, message.slice(0, 100), kind, plugin, job].join('|');
}
