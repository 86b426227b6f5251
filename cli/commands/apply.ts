import { resolve } from 'node:path';
import * as z from 'zod';
import { ApiProblem, type Client, segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { type ConfigurationItem, readConfigurationFile } from '../configuration-files.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { problemText } from '../problem-text.ts';
import { putVersioned } from '../put-versioned.ts';
import { clientOf } from '../server.ts';
import { command } from '../with-command-line.ts';

export const applySpec: CommandSpec = {
  name: 'apply',
  summary:
    'Load rate cards, teams, adjustments, cost pools, meters, sources, planned events, calendars and settings of regions from JSON files',
  usage: ['apply -f FILE.json ...'],
  examples: [
    'headroom apply -f cards.json -f teams.json',
    'headroom apply -f west-settings.json --as ops@example.org',
  ],
  operands: { name: 'FILE', min: 0, max: 1_000 },
  options: [
    { flag: 'file', short: 'f', value: 'FILE', many: true, help: 'A file; can be given again' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'A file holds a rate card, a team, an adjustment, a cost pool, a source, a meter, a planned event, a labelled shift, a calendar or settings of a region, or an array of them.',
    'An array of teams is the whole list: teams that are not in it are removed. A single team leaves the others.',
    'Says for each what became of it: created, updated or unchanged. Applying a file again changes nothing.',
  ],
};

export const applyCommand = command(applySpec, applyFiles);

async function applyFiles(line: CommandLine, io: Io): Promise<number> {
  const files = [...line.all('file'), ...line.operands];
  if (files.length === 0) throw new UsageError('-f FILE is missing.');
  const client = clientOf(line, io);
  // All files are read before anything is written: a typo in the last leaves nothing half done.
  const items: ConfigurationItem[] = [];
  for (const file of files) {
    items.push(...(await readConfigurationFile(resolve(io.cwd, file), file)));
  }
  let code: number = EXIT.ok;
  for (const item of items.toSorted((a, b) => ORDER[a.kind] - ORDER[b.kind])) {
    try {
      for (const text of await applyItem(client, item)) await io.out(`${text}\n`);
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      io.err(`${item.file}: ${problemText(error)}\n`);
      code = EXIT.failed;
    }
  }
  return code;
}

/** Meters and settings, which may name them, decide how usage is made; cards and teams what becomes of it. */
const ORDER: Readonly<Record<ConfigurationItem['kind'], number>> = {
  meter: -1,
  settings: 0,
  'rate card': 1,
  teams: 2,
  team: 3,
  adjustment: 4,
  'cost pool': 5,
  'exchange rate': 5,
  'billing settings': 5,
  source: 6,
  calendar: 7,
  event: 8,
  shift: 8,
};

async function applyItem(client: Client, item: ConfigurationItem): Promise<string[]> {
  if (item.kind === 'teams') return await applyTeams(client, item.documents);
  const { outcome } = await putVersioned(client, pathOf(item), item.document);
  return [`${item.kind} ${item.id} ${outcome}`];
}

type Single = Exclude<ConfigurationItem, { readonly kind: 'teams' }>;

function pathOf(item: Single): string {
  const id = segment(item.id);
  switch (item.kind) {
    case 'settings':
      return `/v1/regions/${id}/settings`;
    case 'event':
    case 'shift':
      return `/v1/regions/${segment(item.region)}/${item.kind}s/${id}`;
    case 'billing settings':
      return `/v1/billing-settings/${id}`;
    default:
      return `/v1/${item.kind.replace(' ', '-')}s/${id}`;
  }
}

const teamOutcomes = z.object({
  created: z.array(z.string()),
  updated: z.array(z.string()),
  unchanged: z.array(z.string()),
  removed: z.array(z.string()),
});

async function applyTeams(client: Client, documents: readonly unknown[]): Promise<string[]> {
  const { body } = await putVersioned(client, '/v1/teams', documents);
  return Object.entries(teamOutcomes.parse(body)).flatMap(([outcome, ids]) =>
    ids.map((id) => `team ${id} ${outcome}`),
  );
}
