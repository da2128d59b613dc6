import { definePlugin } from '@parley/sdk/plugin';
import { createDemoProvider } from './demo-provider.ts';

export default definePlugin({ providers: { demo: createDemoProvider() } });
