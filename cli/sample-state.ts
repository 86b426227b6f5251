import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Client } from './client.ts';
import type { Io } from './io.ts';
import { putWithRetry } from './put-file.ts';
import { putVersioned } from './put-versioned.ts';
import { loadSample, type SampleTarget } from './sample/load-sample.ts';

const FILE = 'sample.json';
const sampleState = z.object({ state: z.enum(['loading', 'loaded']), startedAt: z.string() });
type SampleState = z.output<typeof sampleState>;

/**
 * Whether the sample cloud is to be loaded into a data folder: into one that is new, or on which
 * loading was interrupted, and then as of the day on which it began.
 */
export async function sampleToLoad(folder: string, now: Date): Promise<SampleState | null> {
  const path = join(folder, FILE);
  if (existsSync(path)) {
    const state = sampleState.parse(JSON.parse(await readFile(path, 'utf8')));
    return state.state === 'loading' ? state : null;
  }
  const present = await readdir(folder).catch(() => []);
  if (present.length > 0) return null;
  const state = { state: 'loading', startedAt: now.toISOString() } as const;
  await write(folder, state);
  return state;
}

/** Loads the sample cloud through the API, as anyone's data. */
export async function loadSampleInto(
  folder: string,
  state: SampleState,
  world: { readonly client: Client; readonly io: Io },
): Promise<void> {
  const { client, io } = world;
  const startedAt = new Date(state.startedAt);
  await loadSample(sampleTarget(client, io.sleep), { ...io, now: () => startedAt });
  await write(folder, { ...state, state: 'loaded' });
}

function sampleTarget(client: Client, sleep: Io['sleep']): SampleTarget {
  return {
    call: async (method, path, body) => {
      if (method === 'PUT') return (await putVersioned(client, path, body)).body;
      return (await client.send(method, path, body === undefined ? {} : { body })).body;
    },
    upload: (url, body) => putWithRetry(url, [body], sleep),
  };
}

async function write(folder: string, state: SampleState): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, FILE), `${JSON.stringify(state)}\n`);
}
