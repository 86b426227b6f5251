import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readNames } from '../../lib/names/read-names.ts';
import { NAME_KINDS, type Name, type NameKind } from '../../lib/ports/names.ts';
import { allItems } from '../all-pages.ts';
import type { Client } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { name } from '../responses/catalogue.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const namesSpec: CommandSpec = {
  name: 'names',
  summary: 'Say what projects, users and resources are called, so that nobody reads ids',
  usage: [
    'names import FILE... [--kind project|user|resource]',
    'names list [--kind project|user|resource] [-o json]',
  ],
  examples: [
    'openstack project list -f json > projects.json && headroom names import projects.json --kind project',
    'headroom names import names.csv',
    'headroom names list --kind user',
  ],
  operands: { name: 'import FILE or list', min: 1, max: 1_000 },
  options: [
    {
      flag: 'kind',
      value: 'KIND',
      choices: [...NAME_KINDS],
      help: 'What the ids of a list are that does not say it; for list: default project',
    },
    { ...OUTPUT_OPTION, help: 'How to print the list (default: table on a terminal, else json)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'FILE: a body of GET /v3/projects or /v3/users, what "openstack ... list -f json" or "-f csv" prints, or CSV with the columns kind,id,name[,domain].',
    'Names are added to those that there are, and the last one told wins. Closed months keep the names of their close.',
  ],
};

export const namesCommand = command(namesSpec, async (line, io) => {
  const [verb, ...files] = line.operands;
  if (verb === 'import') return await importNames(line, files, io);
  if (verb === 'list' && files.length === 0) return await listNames(line, io);
  throw new UsageError(`names takes "import FILE..." or "list", not "${line.operands.join(' ')}".`);
});

/** As many as the API takes at once. */
const BATCH = 2_000;

async function importNames(line: CommandLine, files: readonly string[], io: Io): Promise<number> {
  if (files.length === 0) throw new UsageError('FILE is missing.');
  const kind = kindOption(line);
  // All files are read before anything is sent: a damaged one leaves nothing half done.
  const read = await Promise.all(files.map((file) => readFrom(io, file, kind)));
  const client = clientOf(line, io);
  let code: number = EXIT.ok;
  for (const { file, names, faults } of read) {
    for (const fault of faults.slice(0, FAULTS_TOLD)) io.err(`${file}: ${fault}\n`);
    if (faults.length > FAULTS_TOLD) {
      io.err(`${file}: and ${faults.length - FAULTS_TOLD} more like these\n`);
    }
    if (faults.length > 0) code = EXIT.failed;
    await send(client, names);
    await io.out(`${file} names=${names.length} refused=${faults.length}\n`);
  }
  return code;
}

const FAULTS_TOLD = 10;

async function readFrom(io: Io, file: string, kind: NameKind | null) {
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      throw new Error(`${file}: cannot be read (${error.code ?? error.message}).`);
    },
  );
  try {
    return { file, ...readNames(text, kind) };
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function send(client: Client, names: readonly Name[]): Promise<void> {
  for (let start = 0; start < names.length; start += BATCH) {
    await client.send('PUT', '/v1/names', { body: { names: names.slice(start, start + BATCH) } });
  }
}

async function listNames(line: CommandLine, io: Io): Promise<number> {
  const client = clientOf(line, io);
  const kind = kindOption(line) ?? 'project';
  const names = await allItems(client, { path: '/v1/names', item: name, query: { kind } });
  await printAnswer(line, io, { data: names, text: () => namesText(names) });
  return EXIT.ok;
}

function namesText(names: readonly Name[]): string {
  return table(
    [
      { title: 'id', value: ({ id }) => id },
      { title: 'name', value: ({ name }) => name },
      { title: 'domain', value: ({ domain }) => domain ?? '' },
    ],
    names,
  );
}

function kindOption(line: CommandLine): NameKind | null {
  const text = line.text('kind');
  return NAME_KINDS.find((kind) => kind === text) ?? null;
}
