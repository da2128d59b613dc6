import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const url = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
const collector = { endpoint: 'http://127.0.0.1:9', headers: {}, serviceName: 'parley', sampleRatio: 1 };
/** Tells which of OpenTelemetry's packages a fresh process has loaded for the whole app, before and after there is a collector. */
const script = `
  import { registerHooks } from 'node:module';
  const loaded = new Set();
  registerHooks({
    load(url, context, next) {
      const name = /^node_modules\\/@opentelemetry\\/([^/]+)\\//.exec(url.slice(url.lastIndexOf('node_modules')))?.[1];
      if (name !== undefined) loaded.add(name);
      return next(url, context);
    },
  });
  await import(${url('../../app.ts')});
  const { openTracer } = await import(${url('./open-tracer.ts')});
  const off = { isOn: (await openTracer(null)).isOn, loaded: [...loaded] };
  const on = { isOn: (await openTracer(${JSON.stringify(collector)})).isOn, loaded: [...loaded] };
  console.log(JSON.stringify({ off, on }));
  process.exit(0);`;

test('without a collector the SDK is not loaded; the library of metrics brings the bare API', async () => {
  const args = ['--no-warnings', '--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toEqual({
    off: { isOn: false, loaded: ['api'] },
    on: { isOn: true, loaded: expect.arrayContaining(['sdk-trace', 'exporter-trace-otlp-http']) },
  });
});
