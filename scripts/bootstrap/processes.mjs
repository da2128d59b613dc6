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
    const orphaned = whenOrphaned(() => forward('SIGTERM'));
    child.once('error', (error) => {
      clearInterval(orphaned);
      reject(new Error(`${command} could not be run: ${error.message}`));
    });
    child.once('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, forward);
      clearInterval(orphaned);
      resolve(code ?? (signal === null ? 1 : 128));
    });
  });
}

/**
 * npm asked to end (`kill`, a container that stops) ends only the shell between it and us, and nobody would tell us.
 * Without npm above us we may be meant to outlive our parent, as under nohup.
 */
function whenOrphaned(then) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, 250);
  timer.unref();
  return timer;
}
