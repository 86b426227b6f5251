import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scratch } from '../../ports/scratch.ts';

/** Folders under the system's temporary directory: on Lambda the function's own disk. */
export function scratchFolder(): Scratch {
  return {
    async use(work) {
      const folder = await mkdtemp(join(tmpdir(), 'headroom-'));
      try {
        return await work(folder);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
