import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { createSecretBox, type SecretBox } from '../lib/secret-box.ts';
import { type Audit, createAuditModule } from '../modules/audit/index.ts';
import { createPluginsModule, type HookSubject, type PluginsModule } from '../modules/plugins/index.ts';
import { createLogger, type Logger } from '../observability/logger.ts';
import { noTracer } from '../observability/tracing/tracer.ts';
import { type ChangeFeed, openChangeFeed } from '../ports/database/change-feed/change-feed.ts';
import { type Database, openDatabase } from '../ports/database/database.ts';
import { createTestDatabase } from './services/index.ts';

/** A plugin as a test writes it: a manifest without the parts every one has, and its server file. */
export interface TestPlugin {
  manifest: { id: string } & Record<string, unknown>;
  code: string;
}

/** Plugins in the real sandbox on a real database, without servers and people. */
export interface PluginWorld {
  database: Database;
  changes: ChangeFeed;
  audit: Audit;
  plugins: PluginsModule;
  folder: string;
  log: Logger;
  secretBox: SecretBox;
  /** Another instance on the same database and folder. */
  another(): Promise<{ plugins: PluginsModule; changes: ChangeFeed }>;
  close(): Promise<void>;
}

export async function createPluginWorld(testPlugins: readonly TestPlugin[]): Promise<PluginWorld> {
  const folder = await writePlugins(testPlugins);
  const home = await createTestDatabase();
  const database = await openDatabase({ url: home.url, poolSize: 5 });
  await database.orm.migrator.up();
  const log = createLogger({ level: 'silent' });
  const audit = createAuditModule({ database, people: async () => new Map() });
  const undo: (() => Promise<void>)[] = [];

  async function instance() {
    const changes = await openChangeFeed({ url: home.url, onError: (error) => log.error(error) });
    const { em, pool } = database;
    const plugins = await createPluginsModule({
      em,
      pool,
      changes,
      audit,
      log,
      tracer: noTracer,
      officialFolder: folder,
    });
    undo.push(async () => {
      await plugins.stop();
      await changes.stop();
    });
    return { plugins, changes };
  }

  return {
    ...(await instance()),
    database,
    audit,
    folder,
    log,
    secretBox: createSecretBox(randomBytes(32)),
    another: instance,
    async close() {
      await Promise.all(undo.map((stop) => stop()));
      await database.close();
      await home.drop();
      await rm(folder, { recursive: true });
    },
  };
}

async function writePlugins(testPlugins: readonly TestPlugin[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-plugins-'));
  for (const { manifest, code } of testPlugins) {
    const whole = {
      version: '1.0.0',
      api: '2026-11-01',
      name: manifest.id,
      description: 'Exists in a test only',
      author: 'Tests',
      license: 'MIT',
      ...manifest,
    };
    const server = join(folder, manifest.id, 'dist/server.js');
    await mkdir(dirname(server), { recursive: true });
    await writeFile(join(folder, manifest.id, 'parley.plugin.json'), JSON.stringify(whole));
    await writeFile(server, code);
  }
  return folder;
}

export function hookSubject(given: Partial<HookSubject> = {}): HookSubject {
  return {
    userId: '00000000-0000-7000-8000-000000000001',
    turnId: '00000000-0000-7000-8000-000000000002',
    conversationId: null,
    nickname: 'Mira',
    language: 'en',
    timeZone: 'Europe/Berlin',
    signal: new AbortController().signal,
    ...given,
  };
}
