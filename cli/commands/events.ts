import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import * as z from 'zod';
import { leaseEvents } from '../../lib/planning/blazar-leases.ts';
import { allItems, wholeList } from '../all-pages.ts';
import { type Client, segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { putVersioned } from '../put-versioned.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const eventsSpec: CommandSpec = {
  name: 'events',
  summary: 'Print the planned events of a region, or load them from leases of Blazar',
  usage: ['events --region R [-o json]', 'events --region R --leases FILE ...'],
  examples: [
    'headroom events --region west',
    'openstack reservation lease show lease-1 -f json > lease-1.json && headroom events --region west --leases lease-1.json',
  ],
  options: [
    { flag: 'region', value: 'R', required: true, help: 'The region' },
    {
      flag: 'leases',
      value: 'FILE',
      many: true,
      help: 'Leases as "openstack reservation lease show -f json" prints them, or as Blazar answers; can be given again',
    },
    { ...OUTPUT_OPTION, help: 'How to print them (default: table on a terminal, else json)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'Events are written with "headroom apply -f FILE" (docs/planning.md); loading a lease again changes nothing.',
    'A lease that reserves hosts takes them from what is usable; one that reserves instances adds to demand.',
  ],
};

export const eventsCommand = command(eventsSpec, runEvents);

async function runEvents(line: CommandLine, io: Io): Promise<number> {
  const region = line.required('region');
  const files = line.all('leases');
  const client = clientOf(line, io);
  if (files.length > 0) return await loadLeases({ client, io, region, files });
  const path = `/v1/regions/${segment(region)}/events`;
  const items = await allItems(client, { path, item: z.object({ document: told }) });
  const written = items.map(({ document }) => document);
  const { first, items: leases } = await wholeList(client, {
    path: `/v1/regions/${segment(region)}/reservations`,
    page: leasePage,
  });
  // Where leases are pulled, those that were loaded from files do not count.
  const counted =
    first.listedAt === null ? written : written.filter((one) => one.source !== 'blazar');
  const events = [...counted, ...leases.map((lease) => ({ ...lease, kind: 'reservation' }))];
  await printAnswer(line, io, { data: events, text: () => eventsText(events) });
  return EXIT.ok;
}

async function loadLeases(of: {
  readonly client: Client;
  readonly io: Io;
  readonly region: string;
  readonly files: readonly string[];
}): Promise<number> {
  const { client, io, region, files } = of;
  const read = [];
  for (const file of files) read.push(leaseEvents(await jsonOf(io, file), region));
  for (const text of read.flatMap(({ leftOut }) => leftOut)) io.err(`Left out: ${text}.\n`);
  for (const event of read.flatMap(({ events }) => events)) {
    const id = event.id;
    const path = `/v1/regions/${segment(region)}/events/${segment(id)}`;
    const { outcome } = await putVersioned(client, path, event);
    await io.out(`event ${id} ${outcome}\n`);
  }
  return read.some(({ leftOut }) => leftOut.length > 0) ? EXIT.failed : EXIT.ok;
}

async function jsonOf(io: Io, file: string): Promise<unknown> {
  const text = await readFile(resolve(io.cwd, file), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      throw new UsageError(`${file}: cannot be read (${error.code ?? error.message}).`);
    },
  );
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file}: is not JSON.`);
  }
}

const told = z.looseObject({
  id: z.string(),
  kind: z.string(),
  date: z.string(),
  until: z.string().optional(),
  probability: z.number().optional(),
  size: z.record(z.string(), z.unknown()),
  team: z.string().optional(),
  project: z.string().optional(),
  source: z.string().optional(),
});

const leasePage = z.object({
  items: z.array(told.omit({ kind: true })),
  nextCursor: z.string().nullable(),
  listedAt: z.string().nullable(),
});

function eventsText(events: readonly z.output<typeof told>[]): string {
  return table(
    [
      { title: 'event', value: ({ id }) => id },
      { title: 'kind', value: ({ kind }) => kind },
      { title: 'from', value: ({ date }) => date },
      { title: 'until', value: ({ until }) => until ?? '-' },
      { title: 'probability', align: 'right', value: (event) => String(event.probability ?? 1) },
      { title: 'whose', value: ({ team, project }) => team ?? project ?? '-' },
      { title: 'size', value: ({ size }) => sizeText(size) },
    ],
    events,
  );
}

function sizeText(size: Readonly<Record<string, unknown>>): string {
  const units: Readonly<Record<string, string>> = { cores: 'cores', ramGib: 'GiB', hosts: 'hosts' };
  return Object.entries(size)
    .map(([key, value]) => `${amountText(value)} ${units[key] ?? key}`)
    .join(', ');
}

function amountText(value: unknown): string {
  const spread = z.object({ low: z.number(), mid: z.number(), high: z.number() }).safeParse(value);
  return spread.success
    ? `${spread.data.low}/${spread.data.mid}/${spread.data.high}`
    : String(value);
}
