import { z } from 'zod';

export const FieldProblem = z.object({
  /** Dotted path into the body, query or params; empty for the whole. */
  path: z.string(),
  code: z.string(),
  message: z.string(),
});
export type FieldProblem = z.infer<typeof FieldProblem>;

/** RFC 9457 problem details with a stable `code`. The same object answers a socket event and a REST request. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  requestId: z.string().optional(),
  /** Field by field, when input was refused. */
  errors: z.array(FieldProblem).optional(),
  /** Seconds until it is worth trying again. */
  retryAfter: z.number().optional(),
  data: z.record(z.string(), z.json()).optional(),
});
export type Problem = z.infer<typeof Problem>;
