import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { createMetrics, type DescribedMetric } from './metrics.ts';

const metrics = createMetrics();
afterAll(() => metrics.stop());
const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);

test('the page of metrics names exactly those that there are, with type, labels, unit and meaning', () => {
  const rows = [...read('metrics.md').matchAll(/^\| `(\w+)` +\| (\w+) +\| ([^|]*)\| ([^|]+)\| ([^|]+)\|$/gm)];
  const documented = rows.map(([, name = '', type = '', labels = '', unit = '', help = '']) => {
    expect(unit.trim(), name).not.toBe('');
    return { name, type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label!), help: help.trim() };
  });
  expect(documented.toSorted(byName)).toEqual(metrics.list().toSorted(byName));
});

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { h: number; w: number; x: number; y: number };
  datasource?: { uid: string };
  targets?: { expr: string; datasource: { uid: string } }[];
}

describe('the dashboard', () => {
  const board = JSON.parse(read('grafana-dashboard.json')) as {
    title: string;
    schemaVersion: number;
    panels: Panel[];
    templating: { list: { name: string; type: string; query: unknown; datasource?: { uid: string } }[] };
  };
  const drawn = board.panels.filter(({ type }) => type !== 'row');
  const expressions = drawn.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const used = new Set(expressions.flatMap((expr) => expr.match(/\b(?:parley|process|nodejs)_\w+/g) ?? []));

  test('asks for its data source, and every panel uses that one', () => {
    expect(board.templating.list[0]).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    for (const { title, datasource, targets = [] } of drawn) {
      const uids = [datasource?.uid, ...targets.map((target) => target.datasource.uid)];
      expect(new Set(uids), title).toEqual(new Set(['${datasource}']));
    }
  });

  test('has panels with ids of their own that lie beside each other', () => {
    expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
    const taken = new Set<string>();
    for (const { gridPos, title } of board.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), title).toBe(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });

  test('names no series that the app does not export', () => {
    const exported = new Set(metrics.list().flatMap(seriesOf));
    expect([...used].filter((name) => !exported.has(name))).toEqual([]);
  });

  test('asks for no label that a metric does not have', () => {
    for (const expr of expressions) {
      for (const [, name, selectors = ''] of expr.matchAll(/\b((?:parley|process|nodejs)_\w+)\{([^}]*)\}/g)) {
        const metric = metrics.list().find((one) => seriesOf(one).includes(name!));
        const labels = [...selectors.matchAll(/(\w+)(?:=|!)/g)].map(([, label]) => label);
        const known = [...(metric?.labels ?? []), 'instance'];
        expect(
          labels.filter((label) => !known.includes(label!)),
          expr,
        ).toEqual([]);
      }
    }
  });

  test('shows every metric', () => {
    const missing = metrics.list().filter((metric) => !seriesOf(metric).some((name) => used.has(name)));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

function seriesOf({ name, type }: DescribedMetric): string[] {
  return type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
}
