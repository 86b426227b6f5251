import { ApiProblem } from './client.ts';
import { COMMANDS } from './command-list.ts';
import { didYouMean } from './did-you-mean.ts';
import { type Command, EXIT, type Io, UsageError } from './io.ts';
import { problemText } from './problem-text.ts';

/** Runs one command line. Everything that goes wrong becomes words and an exit code here. */
export async function runHeadroom(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined) {
      io.err(overview());
      return EXIT.usage;
    }
    if (name === '--version') {
      await io.out(`${await version()}\n`);
      return EXIT.ok;
    }
    if (name === 'help' || name === '--help' || name === '-h') return await help(rest, io);
    return await (await commandOf(name))(rest, io);
  } catch (error) {
    return tell(error, { io, name });
  }
}

async function help([topic]: readonly string[], io: Io): Promise<number> {
  if (topic !== undefined) return await (await commandOf(topic))(['--help'], io);
  await io.out(overview());
  return EXIT.ok;
}

async function commandOf(name: string): Promise<Command> {
  const command = COMMANDS.find((one) => one.name === name);
  if (command !== undefined) return await command.load();
  const meant = didYouMean(
    name,
    COMMANDS.map((one) => one.name),
  );
  throw new UsageError(`There is no command "${name}".${meant}`);
}

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  return [
    'Headroom: who owes what, and when each region of an OpenStack cloud runs out.',
    '',
    'Usage: headroom COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'Examples:',
    '  headroom up --sample',
    '  headroom ingest samples.jsonl.gz --region west --wait',
    '  headroom forecast --region west --metric cores --horizon 90',
    '',
    '"headroom COMMAND --help" tells more. Exit codes: 0 done, 1 failed, 2 wrong command line.',
    '',
  ].join('\n');
}

async function version(): Promise<string> {
  const { default: manifest } = await import('../package.json', { with: { type: 'json' } });
  return manifest.version;
}

function tell(
  error: unknown,
  { io, name }: { readonly io: Io; readonly name: string | undefined },
): number {
  if (error instanceof UsageError) {
    const known = COMMANDS.some((one) => one.name === name);
    const see = known ? `headroom ${name} --help` : 'headroom --help';
    io.err(`${error.message} See "${see}".\n`);
    return EXIT.usage;
  }
  if (error instanceof ApiProblem) {
    io.err(`${problemText(error)}\n`);
    return EXIT.failed;
  }
  io.err(`${error instanceof Error ? error.message : String(error)}\n`);
  return EXIT.failed;
}
