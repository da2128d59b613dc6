/** Where a connection's secret belongs; sealed with it, it opens nowhere else. */
export function secretPurpose(connectionId: string, name: string): string {
  return `connection:${connectionId}:${name}`;
}
