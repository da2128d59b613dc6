import { spawn } from 'node:child_process';

/** Tells on stderr that something begins which takes a while; the returned function tells its end. */
export function say(what) {
  const begun = Date.now();
  process.stderr.write(`parley: ${what} …\n`);
  return () => process.stderr.write(`parley: ${what}: done in ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
}

/** Runs a program in our place: its streams are ours, our signals are its, and so is the exit code. */
export function runToEnd(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const forward = (signal) => {
      // A terminal sends Ctrl-C to the whole group; passing it on would make it arrive twice.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    child.once('error', (error) => reject(new Error(`${command} could not be run: ${error.message}`)));
    child.once('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, forward);
      resolve(code ?? (signal === null ? 1 : 128));
    });
  });
}
