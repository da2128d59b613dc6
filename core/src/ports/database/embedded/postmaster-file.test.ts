import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { clearLeftovers, readPostmaster } from './postmaster-file.ts';

const lines: string[] = [];

/** A cluster with the note of a server that was killed in the middle of its work, and so left it behind. */
async function clusterOfKilledServer(): Promise<{ cluster: string; pid: number }> {
  const cluster = await realpath(await mkdtemp(join(tmpdir(), 'parley-note-')));
  onTestFinished(() => rm(cluster, { recursive: true }));
  // It blocks for good, so that it never collects its child: that stays a zombie, whose pid still takes signals.
  const code = `
    const { spawn } = require('node:child_process');
    const child = spawn('sleep', ['600'], { cwd: process.argv[1], stdio: 'ignore' });
    require('node:fs').writeSync(1, String(child.pid));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`;
  const parent = spawn(process.execPath, ['-e', code, cluster], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    const ended = once(parent, 'exit');
    parent.kill('SIGKILL');
    await ended;
  });
  const [said] = await once(parent.stdout, 'data');
  const pid = Number(said);
  await writeFile(join(cluster, 'postmaster.pid'), `${pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n\nready\n`);
  return { cluster, pid };
}

// Only /proc tells a zombie from the living.
test.runIf(process.platform === 'linux')(
  'the note of a server that was killed is gone before it is collected',
  async () => {
    const { cluster, pid } = await clusterOfKilledServer();
    await clearLeftovers(cluster, (line) => void lines.push(line));
    expect(lines.join()).toContain(`pid ${pid}`);
    // PostgreSQL asks by signal whether that pid lives, and a zombie answers: it would refuse to start.
    expect(await readPostmaster(cluster)).toBeUndefined();
  },
);
