import type { Io } from './io.ts';

/** Tells what goes on: one line that rewrites itself on a terminal, single messages elsewhere. */
export interface Progress {
  /** Only on a terminal. */
  readonly update: (text: string) => void;
  readonly done: () => void;
}

export function progress(io: Io): Progress {
  let shown = 0;
  return {
    update: (text) => {
      if (!io.errIsTerminal) return;
      const line = text.slice(0, 100);
      io.err(`\r${line.padEnd(shown)}`);
      shown = line.length;
    },
    done: () => {
      if (shown > 0) io.err(`\r${' '.repeat(shown)}\r`);
      shown = 0;
    },
  };
}
