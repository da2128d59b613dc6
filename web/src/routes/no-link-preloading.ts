/** Stands in for the router's module of this shape; see `vite.config.ts`. */
export async function preload(): Promise<void> {}
export function preloadOnHover(): void {}
