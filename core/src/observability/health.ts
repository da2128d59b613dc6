export type HealthState = 'ok' | 'degraded' | 'failing' | 'off';

export interface HealthReport {
  state: HealthState;
  detail?: string;
}

/** One thing that must work. `degraded`: Parley goes on with less; `failing`: it should get no requests. */
export interface HealthCheck {
  name: string;
  check(): Promise<HealthReport> | HealthReport;
}

export interface Readiness {
  ready: boolean;
  /** The worst of the checks; `degraded` is ready nonetheless. */
  state: Exclude<HealthState, 'off'>;
  checks: Record<string, HealthReport & { ms: number }>;
}

/** A dependency that hangs is a dependency that fails. */
const PATIENCE_MS = 2_000;

export async function readiness(checks: readonly HealthCheck[]): Promise<Readiness> {
  const entries = await Promise.all(
    checks.map(async ({ name, check }) => {
      const started = performance.now();
      const report = await withDeadline(check);
      return [name, { ...report, ms: Math.round(performance.now() - started) }] as const;
    }),
  );
  const states = new Set(entries.map(([, report]) => report.state));
  const state = states.has('failing') ? 'failing' : states.has('degraded') ? 'degraded' : 'ok';
  return { ready: state !== 'failing', state, checks: Object.fromEntries(entries) };
}

async function withDeadline(check: HealthCheck['check']): Promise<HealthReport> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<HealthReport>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, { state: 'failing', detail: `no answer within ${PATIENCE_MS} ms` });
  });
  try {
    // Failures are told by their kind alone: this page is public, and messages of drivers name hosts and users.
    return await Promise.race([
      Promise.resolve(check()).catch((error: unknown): HealthReport => ({ state: 'failing', detail: kindOf(error) })),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
