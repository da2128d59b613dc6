import { get } from 'node:http';
import type { ParleyHello } from '../bench/parley-process.ts';

/** What a scraper reads. It waits as long as it takes: under a load that is too much, that is the moment of interest. */
export function metricsPage({ url, metricsToken }: ParleyHello): Promise<string> {
  return new Promise((resolve, reject) => {
    get(`${url}/metrics`, { headers: { authorization: `Bearer ${metricsToken}` } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => (text += piece));
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`/metrics answered ${response.statusCode}`));
      });
    }).on('error', reject);
  });
}
