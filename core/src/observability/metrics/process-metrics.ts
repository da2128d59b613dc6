import { PerformanceObserver } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { version } from '../../version.ts';
import { watchEventLoop } from './event-loop-watch.ts';

/** Of the process itself. Returns the stop: the library's own defaults keep their observers for ever. */
export function processMetrics(registry: Registry): () => void {
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });

  new Gauge({
    name: 'parley_build_info',
    help: '1; the labels tell what runs here.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version, node: process.versions.node }, 1);
  gauge('process_start_time_seconds', 'When the process started.', () => Date.now() / 1000 - process.uptime());
  gauge('process_resident_memory_bytes', 'Memory of the process without its workers.', () => process.memoryUsage.rss());
  new Gauge({
    name: 'nodejs_heap_bytes',
    help: "Of JavaScript's heap: used, total, and what lies outside of it (external, array_buffers).",
    labelNames: ['part'],
    registers,
    collect() {
      const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
      this.set({ part: 'used' }, heapUsed);
      this.set({ part: 'total' }, heapTotal);
      this.set({ part: 'external' }, external);
      this.set({ part: 'array_buffers' }, arrayBuffers);
    },
  });
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'Processor time of the process without its workers.',
    labelNames: ['mode'],
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc({ mode: 'user' }, user / 1e6);
      this.inc({ mode: 'system' }, system / 1e6);
    },
  });

  const loop = new Histogram({
    name: 'nodejs_eventloop_delay_seconds',
    help: 'How late timers came, looked at twenty times a second.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const unwatch = watchEventLoop((seconds) => loop.observe(seconds));
  new Counter({
    name: 'nodejs_eventloop_busy_seconds_total',
    help: 'Time the event loop has worked; its rate is the utilization, 1 being all there is.',
    registers,
    collect() {
      this.reset();
      this.inc(performance.eventLoopUtilization().active / 1000);
    },
  });
  const collections = new Histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Pauses for collecting garbage.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1],
    registers,
  });
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) collections.observe(entry.duration / 1000);
  });
  observer.observe({ entryTypes: ['gc'] });

  return () => {
    unwatch();
    observer.disconnect();
  };
}
