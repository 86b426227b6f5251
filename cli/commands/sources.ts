import * as z from 'zod';
import { type Client, segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { poll } from '../poll.ts';
import { progress } from '../progress.ts';
import { clientOf } from '../server.ts';
import { printable, table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const sourcesSpec: CommandSpec = {
  name: 'sources',
  summary: 'Print what is pulled from OpenStack and how that went; pull a source now',
  usage: ['sources [-o json]', 'sources pull ID [--timeout SECONDS] [-o json]'],
  examples: ['headroom sources', 'headroom sources pull west-usage'],
  operands: { name: 'pull ID', min: 0, max: 2 },
  options: [
    OUTPUT_OPTION,
    { flag: 'timeout', value: 'SECONDS', help: 'How long pull waits for the end (default: 900)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'Sources are configuration: "headroom apply -f source.json" writes one. docs/sources.md tells how.',
    'pull waits for the run and tells what it gave. Exit code 1 when the run failed.',
  ],
};

export const sourcesCommand = command(sourcesSpec, async (line, io) => {
  const [verb, id] = line.operands;
  if (verb === undefined) return await listSources(line, io);
  if (verb !== 'pull') throw new UsageError(`There is no "sources ${verb}": use sources pull ID.`);
  if (id === undefined) throw new UsageError('ID is missing: which source to pull.');
  return await pullNow(line, io, id);
});

const run = z.object({
  id: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  outcome: z.string(),
  windows: z.number(),
  requests: z.number(),
  objectCount: z.number(),
  newObjectCount: z.number(),
  error: z.string().nullable(),
  warnings: z.array(z.string()),
});
const source = z.object({
  id: z.string(),
  document: z.looseObject({
    region: z.string(),
    kind: z.string(),
    enabled: z.boolean().optional(),
  }),
  status: z.looseObject({
    pulledUntil: z.string().nullable(),
    nextDueAt: z.string().nullable(),
    failures: z.number(),
    lastRun: run.nullable(),
  }),
});
const sourcePage = z.object({ items: z.array(source), nextCursor: z.string().nullable() });

type Source = z.infer<typeof source>;
type Run = z.infer<typeof run>;

async function listSources(line: CommandLine, io: Io): Promise<number> {
  const { items, bodies } = await allSources(clientOf(line, io));
  const text = () => (items.length === 0 ? NONE : sourcesText(items));
  await printAnswer(line, io, { data: bodies, text });
  return EXIT.ok;
}

const NONE = 'Nothing is pulled yet: docs/sources.md tells how to add a source.\n';

async function allSources(client: Client) {
  const [items, bodies]: [Source[], unknown[]] = [[], []];
  let cursor: string | undefined;
  do {
    const { body } = await client.send('GET', '/v1/sources', { query: { limit: 200, cursor } });
    const page = sourcePage.parse(body);
    items.push(...page.items);
    bodies.push(...(body as { readonly items: readonly unknown[] }).items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return { items, bodies };
}

function sourcesText(items: readonly Source[]): string {
  const notes = items.flatMap(({ id, status: { lastRun } }) =>
    lastRun === null ? [] : notesOf(lastRun).map((note) => `${printable(`${id}: ${note}`)}\n`),
  );
  return [
    table(
      [
        { title: 'source', value: ({ id }) => id },
        { title: 'region', value: ({ document }) => document.region },
        { title: 'kind', value: ({ document }) => document.kind },
        { title: 'last run', value: ({ status }) => status.lastRun?.finishedAt ?? 'never' },
        { title: 'outcome', value: ({ status }) => outcomeOf(status.lastRun, status.failures) },
        { title: 'pulled until', value: ({ status }) => status.pulledUntil ?? '-' },
        {
          title: 'next run',
          value: ({ document, status }) =>
            document.enabled === false ? 'disabled' : (status.nextDueAt ?? 'never'),
        },
      ],
      items,
    ),
    ...notes,
  ].join('');
}

function outcomeOf(lastRun: Run | null, failures: number): string {
  if (lastRun === null) return '-';
  return failures > 1 ? `${lastRun.outcome} (${failures} times)` : lastRun.outcome;
}

function notesOf({ error, warnings }: Run): string[] {
  return [...(error === null ? [] : [error]), ...warnings.map((text) => `warning: ${text}`)];
}

const pullAsked = z.object({ run: z.string(), location: z.string() });

async function pullNow(line: CommandLine, io: Io, id: string): Promise<number> {
  const timeoutSeconds = line.integer('timeout', { min: 1, max: 86_400 }) ?? 900;
  const client = clientOf(line, io);
  const path = `/v1/sources/${segment(id)}`;
  const asked = pullAsked.parse((await client.send('POST', `${path}/pull`)).body);
  const shown = progress(io);
  shown.update(`Pulling ${id} ...`);
  const ended = await poll(io, { timeoutSeconds, what: `The pull of ${id}` }, async () => {
    const { body } = await client.send('GET', asked.location);
    const { lastRun } = source.parse(body).status;
    return lastRun?.id === asked.run ? { lastRun, body } : null;
  }).finally(shown.done);
  const { lastRun, body } = ended;
  await printAnswer(line, io, { data: body, text: () => runText(id, lastRun) });
  for (const note of notesOf(lastRun)) io.err(`${printable(`${id}: ${note}`)}\n`);
  return lastRun.outcome === 'failed' ? EXIT.failed : EXIT.ok;
}

function runText(id: string, { outcome, windows, requests, ...run }: Run): string {
  return `${id} ${outcome}: windows=${windows} requests=${requests} objects=${run.objectCount} new=${run.newObjectCount}\n`;
}
