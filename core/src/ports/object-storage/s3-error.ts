export class S3Error extends Error {
  readonly code = 'object-storage.s3';
  readonly status: number;
  constructor(what: string, status: number, reason: string | null) {
    super(`The object storage refused to ${what} (${status}${reason === null ? '' : `, ${reason}`}).`);
    this.name = 'S3Error';
    this.status = status;
  }
}

/** Its body, so far as it is needed, has been read afterwards. */
export async function s3Error(what: string, answer: Response): Promise<S3Error> {
  const text = (await answer.text()).slice(0, 10_000);
  return new S3Error(what, answer.status, /<Code>([\w.-]{1,100})<\/Code>/.exec(text)?.[1] ?? null);
}
