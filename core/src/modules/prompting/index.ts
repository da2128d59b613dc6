export { boundTrace, type StoredSection, type StoredTrace } from './trace.ts';
