import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { type Client, httpClient } from './client.ts';
import type { CommandLine } from './command-line.ts';
import { type Io, UsageError } from './io.ts';

export const DEFAULT_DATA_FOLDER = '.headroom';
export const INSTANCE_FILE = 'instance.json';

const instanceFile = z.object({ url: z.url() });

/** No server was named and none runs here. */
export class NoServerError extends Error {
  override readonly name = 'NoServerError';
}

/** The server that the command line, HEADROOM_URL or the instance file of the data folder names. */
export function clientOf(line: CommandLine, io: Io): Client {
  const named = line.text('url') ?? io.env['HEADROOM_URL'];
  if (named !== undefined && named !== '' && !URL.canParse(named)) {
    throw new UsageError(`"${named}" is not a URL: write it as http://127.0.0.1:8080.`);
  }
  const actor = line.text('as');
  if (actor !== undefined && !/^[\x20-\x7e]{1,255}$/.test(actor)) {
    throw new UsageError('--as takes a name of 1 to 255 characters of ASCII.');
  }
  const folder = resolve(io.cwd, line.text('data') ?? DEFAULT_DATA_FOLDER);
  const find = async (): Promise<string> =>
    named === undefined || named === '' ? await instanceUrl(folder) : named;
  return httpClient(find, { actor, io });
}

/** @throws NoServerError */
export async function instanceUrl(folder: string): Promise<string> {
  const path = join(folder, INSTANCE_FILE);
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) {
    throw new NoServerError(
      `No instance runs here (there is no ${path}). Start one with "headroom up", name its folder with --data, or name a server with HEADROOM_URL.`,
    );
  }
  const parsed = instanceFile.safeParse(JSON.parse(text));
  if (!parsed.success) throw new NoServerError(`${path} does not name a server.`);
  return parsed.data.url;
}
