/**
 * `egress.refused`: the address, redirect or secret is not within the grant. `egress.invalid`: the request itself is
 * malformed (URL, header, method, body), which says nothing about any network.
 */
export type EgressRefusalCode = 'egress.refused' | 'egress.invalid';

/** One text for every refused address: a plugin must not learn from it whether a name, a port or a private host exists. */
const refusedText = 'This address is not within what was granted';

export class EgressRefused extends Error {
  readonly code: EgressRefusalCode;

  constructor(code: EgressRefusalCode, text: string) {
    super(text);
    this.name = 'EgressRefused';
    this.code = code;
  }
}

export function refusedAddress(): EgressRefused {
  return new EgressRefused('egress.refused', refusedText);
}
export function invalidRequest(text: string): EgressRefused {
  return new EgressRefused('egress.invalid', text);
}

/** Sentences are fixed, so that nothing of the request (a secret) or of the remote side (its own text) can be in an error. */
const failureTexts = {
  dns: 'The host name could not be resolved',
  refused: 'The connection was refused',
  unreachable: 'The host could not be reached',
  reset: 'The connection was closed before the answer was complete',
  tls: 'A secure connection could not be made',
  'connect-timeout': 'The connection was not made in time',
  'first-byte-timeout': 'The answer did not begin in time',
  'idle-timeout': 'The answer fell silent',
  'too-large': 'The answer is larger than allowed',
  'too-many-redirects': 'The address redirects too often',
  protocol: 'The answer is not valid HTTP',
  encoding: 'The answer is compressed in a way that can not be read',
  aborted: 'The request was aborted',
} as const;

export type EgressFailureKind = keyof typeof failureTexts;

export class EgressFailed extends Error {
  readonly kind: EgressFailureKind;

  constructor(kind: EgressFailureKind) {
    super(failureTexts[kind]);
    this.name = 'EgressFailed';
    this.kind = kind;
  }
}

const kindByErrno: Record<string, EgressFailureKind> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'connect-timeout',
};
const tlsErrno = /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH)/;

/** Names what went wrong below HTTP; the original error is dropped on purpose, as it may quote the request. */
export function failureOf(error: unknown): EgressFailed {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = kindByErrno[code];
  if (known) return new EgressFailed(known);
  if (tlsErrno.test(code)) return new EgressFailed('tls');
  if (code.startsWith('HPE_')) return new EgressFailed('protocol');
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT') || code.startsWith('ERR_BROTLI')) {
    return new EgressFailed('encoding');
  }
  return new EgressFailed('reset');
}
