import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleLoaded, sampleToLoad } from '../../cli/sample-state.ts';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'headroom-sample-state-'));
  folder = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true }));

const MONDAY = new Date('2026-11-16T10:00:00Z');
const FRIDAY = new Date('2026-11-20T10:00:00Z');

describe('the sample cloud', () => {
  it('is loaded into a data folder that is new', async () => {
    const state = await sampleToLoad(folder, MONDAY);
    expect(state).toEqual({ state: 'loading', startedAt: MONDAY.toISOString() });
  });

  it('is taken up again after an interruption, as of the day on which it began', async () => {
    const first = await sampleToLoad(folder, MONDAY);
    expect(await sampleToLoad(folder, FRIDAY)).toEqual(first);
  });

  it('is loaded once', async () => {
    const state = await sampleToLoad(folder, MONDAY);
    if (state !== null) await sampleLoaded(folder, state);
    expect(await sampleToLoad(folder, FRIDAY)).toBeNull();
  });

  it("is not mixed with somebody's data", async () => {
    mkdirSync(folder);
    writeFileSync(join(folder, 'executions.db'), '');
    expect(await sampleToLoad(folder, MONDAY)).toBeNull();
    expect(existsSync(join(folder, 'sample.json'))).toBe(false);
  });
});
