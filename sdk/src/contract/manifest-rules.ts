import type { PluginManifest } from './plugin-manifest.ts';

/** One thing wrong with a manifest: where it is, what is wrong, and what to write instead. */
export interface ManifestProblem {
  /** Such as `contributes.providers[0].id`; empty for the whole file. */
  path: string;
  problem: string;
  fix: string;
}
type Report = (path: string, problem: string, fix: string) => void;

/** What the shape alone can't say: names must fit together across the parts of a manifest. */
export function manifestRuleProblems(manifest: PluginManifest): ManifestProblem[] {
  const problems: ManifestProblem[] = [];
  const report: Report = (path, problem, fix) => problems.push({ path, problem, fix });
  contributionRules(manifest, report);
  networkRules(manifest, report);
  secretRules(manifest, report);
  settingsRules(manifest.settings, 'settings', report);
  if (!/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[\w./-]+\.js$/.test(manifest.server)) {
    report('server', 'is not a path to a .js file inside the package', 'Write a relative path such as dist/server.js');
  }
  if (manifest.sharedContext && !manifest.id.startsWith('parley.')) {
    report('sharedContext', 'is for official plugins only', 'Remove it; a context never serves two people');
  }
  return problems;
}

function contributionRules({ contributes }: PluginManifest, report: Report): void {
  const kinds = Object.entries(contributes);
  if (kinds.every(([, list]) => list.length === 0)) {
    report('contributes', 'is empty, so nothing would ever call this plugin', 'Declare at least one contribution');
  }
  for (const [kind, list] of kinds) {
    const ids = list.map(({ id }) => id);
    for (const [index, id] of ids.entries()) {
      if (ids.indexOf(id) < index) {
        report(
          `contributes.${kind}[${index}].id`,
          `"${id}" is used twice`,
          'Give every contribution of a kind its own id',
        );
      }
    }
  }
  const ordered = { ...contributes, providers: [] };
  for (const [kind, list] of Object.entries(ordered)) {
    for (const [index, hook] of list.entries()) {
      for (const side of ['before', 'after'] as const) {
        for (const [at, reference] of hook[side].entries()) {
          if (/^[a-z0-9-]+\.[a-z0-9-]+\/[a-z0-9-]+$/.test(reference)) continue;
          const path = `contributes.${kind}[${index}].${side}[${at}]`;
          report(path, `"${reference}" names no contribution`, 'Write publisher.name/local-id');
        }
      }
    }
  }
  for (const [index, provider] of contributes.providers.entries()) {
    settingsRules(provider.settings, `contributes.providers[${index}].settings`, report);
  }
}

function settingNames(schema: PluginManifest['settings']): string[] {
  const properties = schema?.properties;
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function networkRules({ contributes, permissions, settings }: PluginManifest, report: Report): void {
  const known = [settings, ...contributes.providers.map((provider) => provider.settings)].flatMap(settingNames);
  for (const [index, permission] of permissions.network.entries()) {
    const path = `permissions.network[${index}]`;
    if ('fromSetting' in permission) {
      if (known.includes(permission.fromSetting)) continue;
      const fix = `Declare "${permission.fromSetting}" in the settings of a provider or of the plugin, or name a host`;
      report(`${path}.fromSetting`, `there is no setting "${permission.fromSetting}"`, fix);
      continue;
    }
    if (permission.host.startsWith('*.') && permission.host.split('.').length < 3) {
      const fix = 'Put at least two labels behind the star, as in *.example.com';
      report(`${path}.host`, `"${permission.host}" covers a whole top-level domain`, fix);
    }
    if (/[?#\\%]|\/\.\.?(\/|$)/.test(permission.pathPrefix)) {
      report(`${path}.pathPrefix`, 'is not a plain path', 'Write it without dots, percent signs, query or fragment');
    }
  }
  if (permissions.networkPrivate && permissions.network.length === 0) {
    report('permissions.networkPrivate', 'opens nothing without a host', 'List the hosts under permissions.network');
  }
}

function secretRules({ contributes, permissions }: PluginManifest, report: Report): void {
  const { network, secrets } = permissions;
  const declared = secrets.map(({ name }) => name);
  for (const [index, { name, boundTo }] of secrets.entries()) {
    const path = `permissions.secrets[${index}]`;
    if (declared.indexOf(name) < index)
      report(`${path}.name`, `"${name}" is declared twice`, 'Declare each secret once');
    const isBound = network.some((permission) =>
      'fromSetting' in boundTo
        ? 'fromSetting' in permission && permission.fromSetting === boundTo.fromSetting
        : 'host' in permission && permission.host === boundTo.host,
    );
    if (!isBound) {
      const where = 'fromSetting' in boundTo ? `setting "${boundTo.fromSetting}"` : `host "${boundTo.host}"`;
      report(
        `${path}.boundTo`,
        `no network permission is for the ${where}`,
        'Bind the secret to one of permissions.network',
      );
    }
  }
  for (const [index, provider] of contributes.providers.entries()) {
    for (const [at, name] of provider.secrets.entries()) {
      if (declared.includes(name)) continue;
      const path = `contributes.providers[${index}].secrets[${at}]`;
      report(path, `the secret "${name}" is not declared`, `Add { "name": "${name}", … } to permissions.secrets`);
    }
  }
}

function settingsRules(schema: PluginManifest['settings'], path: string, report: Report): void {
  if (schema === undefined || schema.type === 'object') return;
  report(path, 'is not the JSON Schema of an object', 'Begin with { "type": "object", "properties": { … } }');
}
