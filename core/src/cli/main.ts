import { keepCompiled } from '../lib/keep-compiled.ts';
import { usage, UsageError } from './usage.ts';

/**
 * The operator's command line. Answers go to standard output, everything else to standard error. Each command is loaded
 * when it is asked for: most of what they stand on takes longer to load than they take to answer.
 */
async function main(args: string[]): Promise<number> {
  const [first = 'help', second = ''] = args;
  switch (`${first} ${second}`.trim()) {
    case 'key create': {
      const { keyCreate } = await import('./key-create.ts');
      await keyCreate(await settings(), args.slice(2));
      return 0;
    }
    case 'books check': {
      const { booksCheck } = await import('./books-check.ts');
      return (await booksCheck(await settings(), (line) => process.stdout.write(`${line}\n`))) ? 0 : 1;
    }
    case 'db migrate':
    case 'migrate': {
      const { dbMigrate } = await import('./db-migrate.ts');
      await dbMigrate(await settings());
      return 0;
    }
    default:
      return run(first, args);
  }
}

async function run(command: string, args: string[]): Promise<number> {
  switch (command) {
    case 'backup': {
      const { backup } = await import('./backup.ts');
      await backup(await settings(), args.slice(1));
      return 0;
    }
    case 'restore': {
      const { restore } = await import('./restore.ts');
      await restore(await settings(), args.slice(1));
      return 0;
    }
    case 'doctor': {
      const { doctor } = await import('./doctor.ts');
      return (await doctor(await settings(), (line) => process.stdout.write(`${line}\n`))) ? 0 : 1;
    }
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(usage);
      return 0;
    default:
      throw new UsageError(`There is no command "${args.join(' ')}".\n\n${usage}`);
  }
}

async function settings() {
  const { readConfig } = await import('../config/env.ts');
  return readConfig();
}

keepCompiled();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const { explainFailure } = await import('../start-failure.ts');
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exitCode = 1;
}
