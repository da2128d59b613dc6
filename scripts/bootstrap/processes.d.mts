import type { SpawnOptions } from 'node:child_process';

export function say(what: string): () => void;
export function runToEnd(command: string, args: readonly string[], options: SpawnOptions): Promise<number>;
