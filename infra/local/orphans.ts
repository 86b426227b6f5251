import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends processes that a killed run of this instance left behind. They end by themselves when their
 * channel closes, except one that is caught in a loop of its own. Linux only; elsewhere it does nothing.
 */
export function killOrphans(instance: string): void {
  for (const pid of processIds()) {
    const words = commandLine(pid);
    const isOurs =
      words.at(-1) === instance && words.some((word) => word.includes('/infra/local/'));
    if (isOurs && pid !== process.pid) kill(pid);
  }
}

/** The last word of the command line of every child of an instance. */
export function instanceMark(dataDirectory: string): string {
  return `headroom-local:${dataDirectory}`;
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid));
  } catch {
    return [];
  }
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}
