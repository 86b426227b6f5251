import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Somebody else runs on this data directory. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
}

interface Owner {
  readonly pid: number;
  /** Tells the process from a later one of the same id; null where the system does not tell. */
  readonly startedAt: string | null;
}

/**
 * Claims the data directory for this process. The claim of a process that no longer lives is taken over.
 * @returns what gives it back
 * @throws DataDirectoryInUse
 */
export function lockDirectory(directory: string): () => void {
  const lock = join(directory, 'lock');
  const mine = join(directory, `lock.${process.pid}`);
  const owner: Owner = { pid: process.pid, startedAt: startOf(process.pid) };
  writeFileSync(mine, JSON.stringify(owner));
  try {
    for (let attempt = 0; attempt < 10; attempt++) {
      // A link is made whole or not at all, and fails when the name is taken.
      if (link(mine, lock)) return () => rmSync(lock, { force: true });
      const holder = readOwner(lock);
      if (holder !== null && isAlive(holder)) {
        throw new DataDirectoryInUse(
          `${directory} is in use by process ${holder.pid}: stop that one, or name another directory`,
        );
      }
      discard(lock);
    }
    throw new DataDirectoryInUse(`${directory} is claimed by several processes at once`);
  } finally {
    rmSync(mine, { force: true });
  }
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Only one of several that find a stale lock gets to rename it. */
function discard(lock: string): void {
  const stale = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, stale);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  rmSync(stale, { force: true });
}

function readOwner(lock: string): Owner | null {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as Owner;
  } catch {
    return null;
  }
}

function isAlive({ pid, startedAt }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
  }
  const present = startOf(pid);
  return startedAt === null || present === null || present === startedAt;
}

/** When a process started, in the kernel's own units. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the command, in brackets, may hold blanks. Of what follows, field 22 is the 20th.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
