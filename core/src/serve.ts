import { createApp } from './app.ts';
import { readConfig } from './config/env.ts';
import { errorCode } from './lib/error-code.ts';
import { LogLimiter } from './observability/log-limiter.ts';
import { createLogger } from './observability/logger.ts';
import { explainStartFailure } from './start-failure.ts';

/** Beyond the drain. A stop that takes longer has gone wrong; the supervisor outside would kill us soon anyway. */
const STOP_WITHIN_MS = 12_000;
/** A signal to the whole process group arrives directly and again through the programs that started us. */
const ONE_SIGNAL_WITHIN_MS = 1_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const config = readConfig();
  const limiter = new LogLimiter();
  const log = createLogger({ level: config.logLevel, limiter });
  const leave = (code: number): void => {
    limiter.flush();
    process.exit(code);
  };
  // A promise nobody waits for is a bug, but no reason to cut every reply that is being written.
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'A rejection was not handled'));

  // Whoever read our output may have gone (a closed terminal, `| head`), which ends nothing. The logger must fall silent
  // then: on its last flush it would try again for ever, and we could never end.
  process.stdout.on('error', (error) => {
    if (errorCode(error) !== 'EPIPE') throw error;
    log.level = 'silent';
  });

  const app = await createApp({ config, log, say });
  const stop = (reason: string, code: number): void => {
    say(`Parley stops (${reason}) …`);
    process.exitCode = code;
    setTimeout(() => leave(code === 0 ? 1 : code), config.drainMs + STOP_WITHIN_MS).unref();
    app.stop().then(
      () => leave(code),
      (error: unknown) => {
        log.error({ err: error }, 'Stopping failed');
        leave(1);
      },
    );
  };
  let firstSignalAt: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (firstSignalAt === undefined) {
        firstSignalAt = performance.now();
        stop(signal, 0);
      } else if (performance.now() - firstSignalAt > ONE_SIGNAL_WITHIN_MS) {
        // Whoever presses Ctrl-C twice means it.
        process.exit(1);
      }
    });
  }
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'An exception was not caught');
    stop('an exception was not caught', 1);
  });

  try {
    const { url, setupLink, metricsUrl } = await app.start();
    say(config.role === 'worker' ? `This worker of Parley tells its health at ${url}/readyz` : `Parley is at ${url}`);
    if (metricsUrl !== null) say(`Its metrics are at ${metricsUrl}`);
    if (setupLink !== null) say(`Nobody has an account yet. Make the first admin here:\n  ${setupLink}`);
  } catch (error) {
    await app.stop();
    throw error;
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${explainStartFailure(error)}\n`);
  process.exit(1);
});
