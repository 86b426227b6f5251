import * as z from 'zod';
import { type Anchor, verifyLog } from '../../lib/audit/verify-log.ts';
import type { AuditEntry } from '../../lib/ports/audit.ts';
import { allItems, eachItem } from '../all-pages.ts';
import type { Client } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const auditSpec: CommandSpec = {
  name: 'audit',
  summary: 'Print who changed what, and verify that the log of it is as it was written',
  usage: [
    'audit [list] [--from YYYY-MM-DD] [--to YYYY-MM-DD] [--subject ID] [-o json]',
    'audit verify [--head SEQ:HASH ...]',
  ],
  examples: [
    'headroom audit --from 2026-10-01 --to 2026-11-01',
    'headroom audit list --subject payments -o json',
    'headroom audit verify',
  ],
  operands: { name: 'list or verify', min: 0, max: 1 },
  options: [
    { flag: 'from', value: 'DAY', help: 'First day (UTC)' },
    { flag: 'to', value: 'DAY', help: 'First day that is left out' },
    { flag: 'subject', value: 'ID', help: 'Only entries on this document, or this month and run' },
    {
      flag: 'head',
      value: 'SEQ:HASH',
      many: true,
      help: 'A head that verify printed before: it must be in the log still',
    },
    { ...OUTPUT_OPTION, help: 'How to print the list (default: table on a terminal, else json)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'verify computes the hash of every entry anew and holds the log against the heads that the closes of months keep. It names the first entry that was changed, removed, swapped or cut off, and exits with 1.',
    'What was appended after the last close can be cut off unseen: note the head that verify prints, and give it the next time.',
  ],
};

export const auditCommand = command(auditSpec, async (line, io) => {
  const [verb = 'list'] = line.operands;
  if (verb === 'list') return await listEntries(line, io);
  if (verb === 'verify') return await verify(line, io);
  throw new UsageError(`audit takes "list" or "verify", not "${verb}".`);
});

const entry: z.ZodType<AuditEntry> = z.strictObject({
  seq: z.number(),
  at: z.string(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  version: z.number().nullable(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  prevHash: z.string(),
  hash: z.string(),
});
const closedPeriod = z.object({
  period: z.string(),
  auditHead: z.object({ seq: z.number(), hash: z.string() }).nullable(),
});

interface Filter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly subject?: string | undefined;
}

function entriesOf(client: Client, query: Filter): AsyncGenerator<AuditEntry> {
  return eachItem(client, { path: '/v1/audit', item: entry, query: { ...query } });
}

async function listEntries(line: CommandLine, io: Io): Promise<number> {
  const filter = { from: line.text('from'), to: line.text('to'), subject: line.text('subject') };
  const entries = await Array.fromAsync(entriesOf(clientOf(line, io), filter));
  await printAnswer(line, io, { data: entries, text: () => entriesText(entries) });
  return EXIT.ok;
}

function entriesText(entries: readonly AuditEntry[]): string {
  return table(
    [
      { title: 'seq', value: ({ seq }) => String(seq), align: 'right' },
      { title: 'at', value: ({ at }) => at },
      { title: 'actor', value: ({ actor }) => actor },
      { title: 'action', value: ({ action }) => action },
      { title: 'subject', value: ({ subject }) => subject },
      { title: 'version', value: ({ version }) => String(version ?? ''), align: 'right' },
      { title: 'hash', value: ({ hash }) => hash.slice(0, 12) },
    ],
    entries,
  );
}

async function verify(line: CommandLine, io: Io): Promise<number> {
  const client = clientOf(line, io);
  // Read first: what is appended meanwhile is anchored by no later close.
  const anchors = [...line.all('head').map(givenHead), ...(await anchorsOf(client))];
  const verified = await verifyLog(entriesOf(client, {}), anchors);
  if (!verified.ok) {
    io.err(`audit: entry ${verified.seq} is bad: ${verified.reason}.\n`);
    return EXIT.failed;
  }
  const { seq, hash } = verified.head;
  await io.out(`ok entries=${seq} anchors=${anchors.length} head=${seq}:${hash}\n`);
  return EXIT.ok;
}

function givenHead(text: string): Anchor {
  const [, seq, hash] = /^(\d{1,12}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) {
    throw new UsageError(`--head takes SEQ:HASH as verify printed it, not "${text}".`);
  }
  return { seq: Number(seq), hash, place: '--head' };
}

async function anchorsOf(client: Client): Promise<Anchor[]> {
  const periods = await allItems(client, { path: '/v1/periods', item: closedPeriod });
  return periods.flatMap(({ period, auditHead }) =>
    auditHead === null ? [] : [{ ...auditHead, place: `the close of ${period}` }],
  );
}
