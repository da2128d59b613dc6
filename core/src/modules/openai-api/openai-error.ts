/** A refusal in OpenAI's shape. `param` is the path of what was wrong. */
export class OpenAiError extends Error {
  readonly status: number;
  readonly body: { error: { message: string; type: string; param: string | null; code: string | null } };
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    error: { message: string; type: string; code?: string | null; param?: string | null },
    headers: Record<string, string> = {},
  ) {
    super(error.message);
    this.name = 'OpenAiError';
    this.status = status;
    this.body = {
      error: { message: error.message, type: error.type, param: error.param ?? null, code: error.code ?? null },
    };
    this.headers = headers;
  }
}

export function invalidRequest(message: string, param: string | null, code: string | null = null): OpenAiError {
  return new OpenAiError(400, { message, type: 'invalid_request_error', param, code });
}
export function unsupported(param: string, message: string): OpenAiError {
  return invalidRequest(message, param, 'unsupported_parameter');
}
