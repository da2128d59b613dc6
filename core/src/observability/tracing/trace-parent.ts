export interface TraceParent {
  traceId: string;
  spanId: string;
  isSampled: boolean;
}

/** W3C trace context: version, trace, span, flags. Later versions may add fields behind these. Null: it says nothing. */
export function readTraceParent(header: string | undefined): TraceParent | null {
  const match = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/.exec(
    header ?? '',
  );
  if (match === null) return null;
  const [, version, traceId, spanId, flags, more] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string?,
  ];
  if (version === '00' && more !== undefined) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
