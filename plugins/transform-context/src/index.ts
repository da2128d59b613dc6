import { definePlugin } from '@parley/sdk/plugin';
import { contextTransform } from './context-transform.ts';

export default definePlugin({ promptTransforms: { context: contextTransform } });
