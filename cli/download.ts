import type { IncomingMessage } from 'node:http';
import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';

/**
 * Opens what a presigned URL gives.
 *
 * @param what in messages: `The result`
 */
export function download(url: string, what: string): Promise<IncomingMessage> {
  const get = url.startsWith('https:') ? httpsGet : httpGet;
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      if (response.statusCode === 200) return resolve(response);
      response.resume();
      return reject(new Error(`${what} cannot be fetched: ${response.statusCode ?? 'no answer'}.`));
    }).on('error', reject);
  });
}
