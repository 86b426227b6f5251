import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Figures {
  readonly seconds: number;
  /** Of all threads: what does not depend on what else the machine does. */
  readonly cpuSeconds: number;
  readonly peakMib: number;
}

/** Runs the script again for one step, in a process of its own, so that its peak memory is its own. */
export function measure(script: string, args: readonly (string | number)[], heapMib?: number) {
  const heap = heapMib === undefined ? [] : [`--max-old-space-size=${Math.floor(heapMib)}`];
  const words = [...heap, script, ...args.map(String)];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: 'utf8' }));
}

/** In that process: does the step, and writes for `measure` its figures and what else there is to tell. */
export async function runStep<T>(
  work: () => Promise<T>,
  tell: (result: T) => object = () => ({}),
): Promise<void> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const figures: Figures = {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMib: process.resourceUsage().maxRSS / 1_024,
  };
  process.stdout.write(JSON.stringify({ ...figures, ...tell(result) }));
}

/** Gives the work a folder that is gone after it. */
export async function inFolder(work: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-bench-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
