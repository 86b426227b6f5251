import type { Readable } from 'node:stream';

/** What a command may touch of the world: tests give their own. */
export interface Io {
  /** Results. Resolves when the reader has taken it, so that a long result does not pile up in memory. */
  readonly out: (text: string) => Promise<void>;
  /** Messages, progress and problems. */
  readonly err: (text: string) => void;
  readonly stdin: Readable;
  /** Whether results go to a person's terminal: tables, else data. */
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** False with NO_COLOR or TERM=dumb. */
  readonly color: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Directory that relative paths start from. */
  readonly cwd: string;
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Exit codes of every command. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Every command: arguments after its own name, and its exit code. */
export type Command = (args: readonly string[], io: Io) => Promise<number>;

/** The command line itself is wrong: exit code 2, with a pointer to the help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
