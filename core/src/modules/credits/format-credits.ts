import { MICRO_PER_CREDIT } from '@parley/sdk/contract';

/** `1.5` for 1,500,000: as many digits as there are, for sentences; screens have their own. */
export function formatCredits(micro: number): string {
  return (micro / MICRO_PER_CREDIT).toLocaleString('en-US', { maximumFractionDigits: 6 });
}
