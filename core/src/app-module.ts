import type { ApiRoute } from './http/api-route.ts';
import type { MountedFront } from './http/mounted-front.ts';
import type { ClusterJob } from './jobs/cluster-job.ts';
import type { Sweep } from './jobs/sweep.ts';
import type { HealthCheck } from './observability/health.ts';
import type { SocketRoute } from './realtime/socket-route.ts';

/** What a module may hand to the servers. */
export interface AppModule {
  routes?: readonly ApiRoute[];
  socketRoutes?: readonly SocketRoute[];
  sweeps?: readonly Sweep[];
  jobs?: readonly ClusterJob[];
  health?: readonly HealthCheck[];
  /** Fronts with a language of their own, by path prefix. */
  mounts?: Readonly<Record<string, MountedFront>>;
  /** Called while sockets and the database are still there; the modules above have stopped already. */
  stop?(): Promise<void> | void;
}
