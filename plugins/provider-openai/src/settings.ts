import { asText, isObject, type Json, parseJson } from './json.ts';

export interface ConnectionSettings {
  baseUrl: string;
  organization: string;
  project: string;
  keyHeader: 'authorization' | 'api-key' | 'x-api-key';
  extraModels: string[];
  streaming: boolean;
  streamUsage: boolean;
  maxTokensField: 'max_tokens' | 'max_completion_tokens';
  systemRole: 'system' | 'developer';
  reasoningField: 'auto' | 'reasoning_content' | 'reasoning' | 'none';
  thinkTags: 'start' | 'anywhere' | 'off';
  images: boolean;
  tools: boolean;
  sendUser: boolean;
  firstTokenMs: number;
  idleMs: number;
  extraHeaders: [name: string, value: string][];
  extraBody: Json;
}

/** A setting that can't be used; its text is for the admin. */
export class SettingsError extends Error {
  readonly code = 'provider-openai.bad-settings';
  override readonly name = 'SettingsError';
}

const defaultBaseUrl = 'https://api.openai.com/v1';
/** Below the host's own longest silence, so that a slow server is told from a broken plugin. */
const defaultFirstTokenSeconds = 110;
const defaultIdleSeconds = 90;

export function readSettings(settings: Json): ConnectionSettings {
  const text = (name: string) => asText(settings[name])?.trim() ?? '';
  const on = (name: string) => settings[name] !== false;
  const baseUrl = text('baseUrl') === '' ? defaultBaseUrl : text('baseUrl');
  return {
    baseUrl,
    organization: text('organization'),
    project: text('project'),
    keyHeader: oneOf(settings['keyHeader'], ['authorization', 'api-key', 'x-api-key']),
    extraModels: lines(text('extraModels')),
    streaming: on('streaming'),
    streamUsage: on('streamUsage'),
    maxTokensField: maxTokensField(settings['maxTokensField'], baseUrl),
    systemRole: oneOf(settings['systemRole'], ['system', 'developer']),
    reasoningField: oneOf(settings['reasoningField'], ['auto', 'reasoning_content', 'reasoning', 'none']),
    thinkTags: oneOf(settings['thinkTags'], ['start', 'anywhere', 'off']),
    images: on('images'),
    tools: on('tools'),
    sendUser: settings['sendUser'] === true,
    firstTokenMs: milliseconds(settings['firstTokenSeconds'], defaultFirstTokenSeconds),
    idleMs: milliseconds(settings['idleSeconds'], defaultIdleSeconds),
    extraHeaders: lines(text('extraHeaders')).map(readHeader),
    extraBody: readBody(text('extraBody')),
  };
}

/** The first one is the default. */
function oneOf<const T extends string>(value: unknown, choices: readonly [T, ...T[]]): T {
  return choices.find((choice) => choice === value) ?? choices[0];
}

function maxTokensField(value: unknown, baseUrl: string): ConnectionSettings['maxTokensField'] {
  if (value === 'max_tokens' || value === 'max_completion_tokens') return value;
  // Only they refuse the old name; the new one is unknown to most others.
  return /^https:\/\/(?:api\.openai\.com|[^/]+\.azure\.com)(?:[:/]|$)/i.test(baseUrl)
    ? 'max_completion_tokens'
    : 'max_tokens';
}

function milliseconds(value: unknown, fallbackSeconds: number): number {
  return 1000 * (typeof value === 'number' && value > 0 ? value : fallbackSeconds);
}

function lines(text: string): string[] {
  return text.split(/\r?\n/).flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}

function readHeader(line: string): [string, string] {
  const match = /^([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*)$/.exec(line);
  if (!match) throw new SettingsError(`More headers: ${JSON.stringify(line.slice(0, 80))} does not read "Name: value"`);
  return [match[1] ?? '', match[2] ?? ''];
}

function readBody(text: string): Json {
  if (text === '') return {};
  const body = parseJson(text);
  if (!isObject(body)) throw new SettingsError('More fields of the request: this is not a JSON object');
  return body;
}
