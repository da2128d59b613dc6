/** Who is asking, once proven. */
export interface Caller {
  userId: string;
  role: 'user' | 'admin';
  /** Of a browser session. */
  sessionId?: string;
  /** Of an API key; `scopes` is what the key may do. */
  apiKeyId?: string;
  scopes?: readonly string[];
}
