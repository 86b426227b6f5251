import { resolve } from 'node:path';
import type { LocalEvent, RunningApp } from '../../infra/local/start.ts';
import { localAssembly } from '../assembly.ts';
import type { CommandLine, CommandSpec } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { loadSampleApart } from '../sample-loader.ts';
import { type SampleState, sampleLoaded, sampleToLoad } from '../sample-state.ts';
import { DEFAULT_DATA_FOLDER } from '../server.ts';
import { command } from '../with-command-line.ts';

export const upSpec: CommandSpec = {
  name: 'up',
  summary: 'Run Headroom on this machine: what CDK would deploy, on embedded parts',
  usage: ['up [--port N] [--data DIR] [--sample|--empty]'],
  examples: ['headroom up --sample', 'headroom up --empty --data ./west --port 8080'],
  options: [
    { flag: 'port', value: 'N', help: 'Port of the API on 127.0.0.1 (default: a free one)' },
    { flag: 'data', value: 'DIR', help: `Where all data lives (default: ${DEFAULT_DATA_FOLDER})` },
    { flag: 'sample', help: 'Load the sample cloud into a new data folder' },
    { flag: 'empty', help: 'Load nothing (the default)' },
  ],
  notes: [
    'Ctrl-C stops it; the data stays, and the next start goes on with it. The other commands find the',
    'instance by its data folder. Two can run side by side on folders of their own.',
  ],
};

export const upCommand = command(upSpec, run);

async function run(line: CommandLine, io: Io): Promise<number> {
  if (line.has('sample') && line.has('empty')) {
    throw new UsageError('--sample and --empty contradict each other: give one.');
  }
  const port = line.integer('port', { min: 0, max: 65_535 });
  const data = resolve(io.cwd, line.text('data') ?? DEFAULT_DATA_FOLDER);
  const ending = endOf(io);
  const { folder, release } = await localAssembly(io.env, io.err);
  const sample = line.has('sample') ? await sampleToLoad(data, io.now()) : null;
  // Loaded here, so that no other command pays for it.
  const { startLocal } = await import('../../infra/local/start.ts');
  const app = await startLocal({
    assembly: folder,
    dataDir: data,
    ...(port === undefined ? {} : { port }),
    onEvent: (event) => {
      io.err(`${eventText(event)}\n`);
      if (event.type === 'broken') ending.end(EXIT.failed);
    },
  });
  try {
    io.err(`Headroom runs at ${app.url}/v1 (data in ${data}).\n`);
    // While it loads the API answers and Ctrl-C works: loading is no part of being up.
    if (sample === null) io.err(whereToLook(app));
    else void load({ app, data, sample, io, ending });
    return await ending.ended;
  } finally {
    await app.stop();
    await release();
  }
}

interface Ending {
  readonly ended: Promise<number>;
  readonly end: (code: number) => void;
  readonly stop: AbortSignal;
}

async function load(loading: {
  readonly app: RunningApp;
  readonly data: string;
  readonly sample: SampleState;
  readonly io: Io;
  readonly ending: Ending;
}): Promise<void> {
  const { app, data, sample, io, ending } = loading;
  const order = { url: app.url, startedAt: sample.startedAt, errIsTerminal: io.errIsTerminal };
  const failure = await loadSampleApart(order, { say: io.err, stop: ending.stop });
  if (ending.stop.aborted) return;
  if (failure === null) {
    await sampleLoaded(data, sample);
    io.err(whereToLook(app));
    return;
  }
  io.err(`The sample cloud was not loaded: ${failure}\n`);
  io.err('The next start with --sample takes it up where it stopped.\n');
}

function whereToLook(app: RunningApp): string {
  return [
    'Where to look:',
    `  ${app.url}/v1/openapi.json    the API`,
    '  npx headroom doctor           what there is, and what it waits for',
    '  npx headroom --help           bills, usage, capacity, forecasts',
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}

function eventText(event: LocalEvent): string {
  if (event.type === 'function-error') {
    return `${event.functionId} failed: ${event.errorType}: ${event.message}`;
  }
  if (event.type === 'recovered') {
    return `After an unclean stop: ${event.objectEvents} object events raised again, ${event.executions} executions ended.`;
  }
  return event.message;
}

/** Ctrl-C and SIGTERM end the command; a second Ctrl-C does not wait for what still runs. */
function endOf(io: Io): Ending {
  const { promise, resolve: end } = Promise.withResolvers<number>();
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping.signal.aborted) process.exit(EXIT.interrupted);
      stopping.abort();
      io.err('Stopping ...\n');
      end(EXIT.ok);
    });
  }
  return { ended: promise, end, stop: stopping.signal };
}
