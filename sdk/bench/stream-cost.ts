/**
 * What a streamed chunk costs through the sandbox, beside a bare relay on the same machine in the same minute:
 * `node sdk/bench/stream-cost.ts [streams] [seconds] [tokens per second, 0 = as fast as possible] [shared|fresh] [plain|filter]`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { readCpuMs } from '../src/sandbox/process-usage.ts';

const [streams = 200, seconds = 5, perSecond = 30] = process.argv.slice(2, 5).map(Number);
const [mode = 'shared', filtering = 'plain'] = process.argv.slice(5);
const tokens = perSecond === 0 ? 2_000 : perSecond * seconds;

async function start(script: string, ...args: (string | number)[]): Promise<{ child: ChildProcess; words: string[] }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (data: Buffer) => resolve(data.toString())),
  );
  return { child, words: line.trim().split(' ') };
}
function read(port: string): Promise<{ chars: number; chunks: number }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => {
      let [chars, chunks] = [0, 0];
      response.on('data', (data: Buffer) => {
        chars += data.length;
        chunks += 1;
      });
      response.on('end', () => resolve({ chars, chunks }));
    }).on('error', reject);
  });
}
async function measure(name: string, port: string, pids: number[]): Promise<number> {
  const cpu = (): number => pids.reduce((sum, pid) => sum + (readCpuMs(pid) ?? 0), 0);
  const [cpuBefore, each, before] = [cpu(), pids.map((pid) => readCpuMs(pid) ?? 0), performance.now()];
  const results = await Promise.all(Array.from({ length: streams }, () => read(port)));
  const [cpuMs, wallMs] = [cpu() - cpuBefore, performance.now() - before];
  const chunks = streams * tokens;
  const perProcess = pids.map(
    (pid, index) => Math.round(((readCpuMs(pid) ?? 0) - each[index]!) / (chunks / 1e6) / 10) / 100,
  );
  const pieces = results.reduce((sum, result) => sum + result.chunks, 0);
  console.log(
    `${name.padEnd(10)} ${(cpuMs / (chunks / 1000)).toFixed(1)} ms CPU per 1,000 chunks (${perProcess.join(' + ')}), ${Math.round(chunks / (wallMs / 1000))} chunks/s, ${pieces} pieces, wall ${Math.round(wallMs)} ms`,
  );
  return cpuMs;
}

const upstream = await start('./upstream.ts', tokens, perSecond);
const relay = await start('./relay.ts', upstream.words[0]!);
const sandboxed = await start('./sandboxed.ts', upstream.words[0]!, mode, filtering);
for (let round = 0; round < 2; round += 1) {
  const floor = await measure('relay', relay.words[0]!, [relay.child.pid!]);
  const ours = await measure('sandbox', sandboxed.words[0]!, [sandboxed.child.pid!, Number(sandboxed.words[1])]);
  console.log(`ratio ${(ours / floor).toFixed(2)}`);
}
for (const { child } of [sandboxed, relay, upstream]) child.kill();
process.exit(0);
