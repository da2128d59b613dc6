import { readConfig } from '../config/env.ts';
import { explainFailure } from '../start-failure.ts';
import { dbMigrate } from './db-migrate.ts';
import { doctor } from './doctor.ts';
import { keyCreate } from './key-create.ts';
import { usage, UsageError } from './usage.ts';

/** The operator's command line. Answers go to standard output, everything else to standard error. */
async function main(args: string[]): Promise<number> {
  const [first = 'help', second = ''] = args;
  switch (`${first} ${second}`.trim()) {
    case 'key create':
      await keyCreate(readConfig(), args.slice(2));
      return 0;
    case 'db migrate':
    case 'migrate':
      await dbMigrate(readConfig());
      return 0;
    case 'doctor':
      return (await doctor(readConfig(), (line) => process.stdout.write(`${line}\n`))) ? 0 : 1;
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(usage);
      return 0;
    default:
      throw new UsageError(`There is no command "${args.join(' ')}".\n\n${usage}`);
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${explainFailure(error)}\n`);
    process.exitCode = 1;
  },
);
