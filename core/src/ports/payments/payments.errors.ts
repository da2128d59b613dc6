import { defineError } from '../../lib/app-error.ts';

export const SignatureInvalid = defineError(
  'payments.signature-invalid',
  400,
  (d: { reason: string }) => `This call is not signed as it must be: ${d.reason}.`,
);
/** Answered as an error so that the provider shows it to whoever configured it, and tries again. */
export const EventUnusable = defineError(
  'payments.event-unusable',
  422,
  (d: { reason: string }) => `This payment cannot be booked: ${d.reason}.`,
);
