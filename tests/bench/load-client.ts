import { runSseLoad, type LoadOrder } from './sse-load.ts';

/** The load generator, a process of its own so that its work is nobody else's CPU. */
process.on('message', (order: LoadOrder) => {
  runSseLoad(order).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
