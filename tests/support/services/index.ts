export { startTestPostgres, startTestRedis, type StartedService } from '../../../core/src/testing/services/index.ts';
export { ensureChromium, type Chromium } from './ensure-chromium.ts';
export { ensureRedis } from './ensure-redis.ts';
