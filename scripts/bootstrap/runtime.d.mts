export const NODE_VERSION: string;
export const PNPM_VERSION: string;
export function prepareRuntime(root: string): { node: string; env: NodeJS.ProcessEnv };
export function suits(version: string): boolean;
export function nodePackage(platform: string, arch: string): { name: string; version: string };
export function environment(inherited: NodeJS.ProcessEnv, folders: readonly string[]): NodeJS.ProcessEnv;
