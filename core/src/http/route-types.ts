export type { RouteDefinition, Routes } from '@parley/sdk/contract';
export type { RouteResponse } from '@parley/sdk/client';
