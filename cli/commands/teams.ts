import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import { readTeam, type Team } from '../../lib/rating/team.ts';
import { type ReadTeams, readTeamsCsv } from '../../lib/teams/read-teams-csv.ts';
import { teamsCsv } from '../../lib/teams/teams-csv.ts';
import { readTeamsYaml, teamsYaml } from '../../lib/teams/teams-yaml.ts';
import { allItems } from '../all-pages.ts';
import type { Client } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { monthOption } from '../month.ts';
import { named } from '../named.ts';
import { printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const teamsSpec: CommandSpec = {
  name: 'teams',
  summary: 'Export and import teams as CSV or YAML, and list projects without a team',
  usage: [
    'teams export [-o csv|yaml]',
    'teams import FILE [--replace]',
    'teams unmapped --period YYYY-MM [-o json|table]',
  ],
  examples: [
    'headroom teams export -o csv > teams.csv',
    'headroom teams import teams.csv --as ann',
    'headroom teams unmapped --period 2026-10',
  ],
  operands: { name: 'export, import FILE or unmapped', min: 1, max: 2 },
  options: [
    { flag: 'period', value: 'YYYY-MM', help: 'The month, for unmapped' },
    { flag: 'replace', help: 'Teams that are not in FILE are removed' },
    {
      flag: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['csv', 'yaml', 'json', 'table'],
      help: 'export: csv (default) or yaml; unmapped: json or table',
    },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'CSV has one row per team and mapping; what is of the team may stand in its first row alone. YAML is the list of teams as the API takes it.',
    'A team of FILE takes the place of the one with its id, and others stay. With any fault nothing is written: each is told with its line, and the exit code is 1.',
  ],
};

export const teamsCommand = command(teamsSpec, async (line, io) => {
  const [verb, file, ...rest] = line.operands;
  if (verb === 'import' && file !== undefined && rest.length === 0) {
    return await importTeams(line, io, file);
  }
  if (verb === 'export' && file === undefined) return await exportTeams(line, io);
  if (verb === 'unmapped' && file === undefined) return await listUnmapped(line, io);
  throw new UsageError(
    `teams takes "export", "import FILE" or "unmapped", not "${line.operands.join(' ')}".`,
  );
});

const listed = z.object({ document: z.looseObject({ id: z.string() }) });

async function exportTeams(line: CommandLine, io: Io): Promise<number> {
  const format = line.text('output') ?? 'csv';
  if (format !== 'csv' && format !== 'yaml') throw new UsageError('export takes -o csv or yaml.');
  const items = await allItems(clientOf(line, io), { path: '/v1/teams', item: listed });
  const teams = items.map(({ document }): Team => readTeam(document));
  await io.out(format === 'csv' ? teamsCsv(teams) : teamsYaml(teams));
  return EXIT.ok;
}

const outcomes = z.object({
  created: z.array(z.string()),
  updated: z.array(z.string()),
  unchanged: z.array(z.string()),
  removed: z.array(z.string()),
});

async function importTeams(line: CommandLine, io: Io, file: string): Promise<number> {
  const { documents, faults } = await readFrom(io, file);
  for (const fault of faults) io.err(`${file}: ${fault}\n`);
  if (faults.length > 0) return EXIT.failed;
  const client = clientOf(line, io);
  const { etag } = await client.send('GET', '/v1/teams', { query: { limit: 1 } });
  const given = new Set(documents.map(({ id }) => id));
  const others = line.has('replace') ? [] : await teamsBeside(client, given);
  const headers: Record<string, string> = etag === null ? {} : { 'if-match': etag };
  const answer = await client.send('PUT', '/v1/teams', {
    body: [...others, ...documents],
    headers,
  });
  const told = outcomes.parse(answer.body);
  for (const [outcome, ids] of Object.entries(told)) {
    for (const id of ids)
      if (given.has(id) || outcome === 'removed') await io.out(`team ${id} ${outcome}\n`);
  }
  return EXIT.ok;
}

async function teamsBeside(client: Client, given: ReadonlySet<string>): Promise<unknown[]> {
  const items = await allItems(client, { path: '/v1/teams', item: listed });
  return items.map(({ document }) => document).filter(({ id }) => !given.has(id));
}

async function readFrom(io: Io, file: string): Promise<ReadTeams> {
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      throw new Error(`${file}: cannot be read (${error.code ?? error.message}).`);
    },
  );
  try {
    return /\.(ya?ml|json)$/i.test(file) ? readTeamsYaml(text) : readTeamsCsv(text);
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const unmapped = z.object({
  project: z.string(),
  projectName: z.string().optional(),
  currency: z.string(),
  amount: z.string(),
  regions: z.array(z.string()),
  isPartlyUnrated: z.boolean(),
});

async function listUnmapped(line: CommandLine, io: Io): Promise<number> {
  const period = monthOption(line);
  const query = { period };
  const projects = await allItems(clientOf(line, io), {
    path: '/v1/teams/unmapped',
    item: unmapped,
    query,
  });
  await printAnswer(line, io, { data: projects, text: () => unmappedText(projects) });
  return EXIT.ok;
}

function unmappedText(projects: readonly z.output<typeof unmapped>[]): string {
  if (projects.length === 0) return 'Every project has a team.\n';
  return table(
    [
      { title: 'project', value: ({ project, projectName }) => named(project, projectName) },
      { title: 'regions', value: ({ regions }) => regions.join(' ') },
      { title: 'amount', value: ({ amount }) => amount, align: 'right' },
      { title: 'currency', value: ({ currency }) => currency },
      { title: '', value: ({ isPartlyUnrated }) => (isPartlyUnrated ? 'some is unrated' : '') },
    ],
    projects,
  );
}
