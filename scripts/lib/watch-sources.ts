import { watch } from 'node:fs';

/** Quiet time after the last event: an editor or a checkout writes many files in a row. */
const SETTLED_MS = 150;
const IRRELEVANT = /(^|[/\\])(node_modules|dist|\..*)([/\\]|$)|\.test\.ts$|\.md$/;

/** Calls `changed` once after each burst of changes below the folders; returns how to stop. */
export function watchSources(folders: readonly string[], changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = folders.map((folder) =>
    watch(folder, { recursive: true }, (_event, name) => {
      if (name === null || IRRELEVANT.test(name)) return;
      clearTimeout(timer);
      timer = setTimeout(changed, SETTLED_MS);
    }),
  );
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
