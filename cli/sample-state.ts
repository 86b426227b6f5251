import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const FILE = 'sample.json';
const sampleState = z.object({ state: z.enum(['loading', 'loaded']), startedAt: z.string() });
export type SampleState = z.output<typeof sampleState>;

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

/** Remembers that all of it has arrived. */
export async function sampleLoaded(folder: string, state: SampleState): Promise<void> {
  await write(folder, { ...state, state: 'loaded' });
}

async function write(folder: string, state: SampleState): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, FILE), `${JSON.stringify(state)}\n`);
}
