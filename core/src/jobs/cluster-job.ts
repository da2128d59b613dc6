/**
 * Done once per cluster when it is due, by whichever instance takes it. May be done twice (an instance that dies does not say
 * how far it came), so it only does what is left to do.
 */
export interface ClusterJob {
  name: string;
  /** When it is due: five fields, UTC. */
  cron: string;
  /** Told when to end; what is left then is done by another instance. */
  run(signal: AbortSignal): Promise<void>;
}
