import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, type Io } from './io.ts';
import { runHeadroom } from './run.ts';

const io: Io = {
  out: async (text) => {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  err: (text) => {
    process.stderr.write(text);
  },
  stdin: process.stdin,
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
  color: (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
  sleep: (ms) => sleep(ms),
};

// `headroom usage ... | head` closes the pipe early: that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.failed);
});

process.exitCode = await runHeadroom(process.argv.slice(2), io);
