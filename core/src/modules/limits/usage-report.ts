import type { UsageReport } from '@parley/sdk/contract';
import type { Pool } from 'pg';

interface UsageRow {
  day: string;
  model: string;
  plugin: string;
  requests: number;
  input_tokens: string;
  output_tokens: string;
  charged: string;
}
type Figures = UsageReport['total'];

/** One person's usage by day, model and plugin, both days included; days are those of his own calendar. */
export async function reportUsage(pool: Pool, userId: string, from: string, to: string): Promise<UsageReport> {
  const rows = await readUsage(pool, userId, from, to);
  return {
    from,
    to,
    total: sum(rows),
    byDay: groups(rows, (row) => row.day).map(([day, own]) => ({ day, ...sum(own) })),
    byModel: groups(rows, (row) => row.model).map(([model, own]) => ({ model, ...sum(own) })),
    byPlugin: groups(rows, (row) => row.plugin).map(([plugin, own]) => ({ plugin, ...sum(own) })),
  };
}

/** As RFC 4180 says: a head line, CRLF, and quotes around what needs them. Charges in credits. */
export async function exportUsage(pool: Pool, userId: string, from: string, to: string): Promise<string> {
  const rows = await readUsage(pool, userId, from, to);
  const lines = rows.map((row) => [
    row.day,
    row.model,
    row.plugin,
    row.requests,
    row.input_tokens,
    row.output_tokens,
    inCredits(BigInt(row.charged)),
  ]);
  const head = ['day', 'model', 'plugin', 'requests', 'input_tokens', 'output_tokens', 'credits'];
  return [head, ...lines].map((line) => `${line.map(csvField).join(',')}\r\n`).join('');
}

async function readUsage(pool: Pool, userId: string, from: string, to: string): Promise<UsageRow[]> {
  const { rows } = await pool.query<UsageRow>(
    `select to_char(day, 'YYYY-MM-DD') as day, model, plugin, requests, input_tokens, output_tokens, charged
     from usage_day where user_id = $1 and day between $2 and $3 order by day, model, plugin`,
    [userId, from, to],
  );
  return rows;
}

function groups(rows: readonly UsageRow[], nameOf: (row: UsageRow) => string): [string, UsageRow[]][] {
  return [...Map.groupBy(rows, nameOf)];
}

function sum(rows: readonly UsageRow[]): Figures {
  const total = (amount: (row: UsageRow) => number) => rows.reduce((all, row) => all + amount(row), 0);
  return {
    requests: total((row) => row.requests),
    inputTokens: total((row) => Number(row.input_tokens)),
    outputTokens: total((row) => Number(row.output_tokens)),
    charged: total((row) => Number(row.charged)),
  };
}

/** Exact, without a float on the way. */
function inCredits(micro: bigint): string {
  return `${micro / 1_000_000n}.${String(micro % 1_000_000n).padStart(6, '0')}`;
}

/** A field that begins like a formula is made text, or a spreadsheet would run what somebody named a model. */
function csvField(value: string | number): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
