export type { FilterChain, FilteredText, GateResult, Moderation } from './moderation-types.ts';
