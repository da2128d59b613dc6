export { mayConnect } from './address-rules.ts';
export * from './egress.ts';
export * from './egress-errors.ts';
export * from './egress-types.ts';
export { type HeldSecret, holdSecrets, placeholders } from './held-secrets.ts';
export type { ResolvedAddress, Resolver } from './resolver.ts';
export * from './line-splitter.ts';
export { asBuffer, SplitterOverflow } from './splitting.ts';
export * from './sse-splitter.ts';
