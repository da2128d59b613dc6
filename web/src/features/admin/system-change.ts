import type { InstanceSettings } from '@parley/sdk/contract';

export type SystemChange = Partial<InstanceSettings>;
