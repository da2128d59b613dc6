import { z } from 'zod';
import type { Config } from './config.ts';
import { url } from './url-variable.ts';

export const s3Variables = {
  S3_ENDPOINT: url('http:', 'https:').optional(),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, { message: 'must be the name of a bucket' })
    .optional(),
  S3_REGION: z.string().max(100).default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().max(300).optional(),
  S3_SECRET_ACCESS_KEY: z.string().max(300).optional(),
};
type S3Variables = z.output<z.ZodObject<typeof s3Variables>>;

const needed = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

/** All of them or none: half a bucket would be found out at the first backup. */
export function wholeS3(values: S3Variables, context: z.RefinementCtx): void {
  const missing = needed.filter((name) => values[name] === undefined);
  if (missing.length === needed.length) return;
  for (const name of missing) {
    context.addIssue({ code: 'custom', path: [name], message: 'must be set too: a bucket needs all of its variables' });
  }
}

export function s3Settings(values: S3Variables): Config['s3'] {
  const { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = values;
  if (S3_ENDPOINT === undefined || S3_BUCKET === undefined) return null;
  return {
    endpoint: S3_ENDPOINT.replace(/\/+$/, ''),
    bucket: S3_BUCKET,
    region: values.S3_REGION,
    accessKeyId: S3_ACCESS_KEY_ID ?? '',
    secretAccessKey: S3_SECRET_ACCESS_KEY ?? '',
  };
}
