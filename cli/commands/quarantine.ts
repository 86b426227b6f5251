import { isRegion } from '../../lib/identifiers.ts';
import { allRegions } from '../all-pages.ts';
import { type Client, segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { didYouMean } from '../did-you-mean.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { jsonText } from '../output.ts';
import {
  type QuarantinedIngest,
  type QuarantinedRow,
  quarantinedRows,
  quarantinePage,
} from '../responses/quarantine.ts';
import { clientOf } from '../server.ts';
import { printable } from '../table.ts';
import { command } from '../with-command-line.ts';
import { replay } from './quarantine-replay.ts';

export const quarantineSpec: CommandSpec = {
  name: 'quarantine',
  summary: 'List refused rows, show them as they were received, mend and replay them',
  usage: [
    'quarantine list [--region R] [--code C] [-o json|jsonl]',
    'quarantine show INGEST_ID [--code C] [--limit N] [-o json|jsonl]',
    'quarantine replay INGEST_ID [--code C | --out FILE | --file FIXED.jsonl] [--wait]',
  ],
  examples: [
    'headroom quarantine list --region west',
    'headroom quarantine show 5f57c02b59f8e212e73dac7e44c292e6 --code volume_negative',
    'headroom quarantine replay 5f57c02b59f8e212e73dac7e44c292e6 --out rows.jsonl',
    'headroom quarantine replay 5f57c02b59f8e212e73dac7e44c292e6 --file rows.jsonl --wait',
  ],
  operands: { name: 'list, show or replay', min: 1, max: 2 },
  options: [
    { flag: 'region', value: 'R', help: 'Of this region alone' },
    { flag: 'code', value: 'C', help: 'Rows refused for this reason alone' },
    { flag: 'limit', value: 'N', help: 'How many rows to show (default: 20)' },
    { flag: 'out', value: 'FILE', help: 'Write the rows to mend to this file, and send nothing' },
    { flag: 'file', value: 'FILE', help: 'Send this file, with the rows mended' },
    { flag: 'wait', help: 'Until usage contains what was sent, then print what became of it' },
    {
      flag: 'output',
      short: 'o',
      value: 'FORMAT',
      choices: ['text', 'json', 'jsonl'],
      help: 'How to print it (default: text)',
    },
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait (default: 900)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'replay without a file sends the rows as they are: they count if what refused them (settings, meters, the clock)',
    'has changed since. What is sent is an ingest of its own that cites the first; list and show tell what became of it.',
  ],
};

export const quarantineCommand = command(quarantineSpec, quarantine);

const ACTIONS = ['list', 'show', 'replay'];
const ROWS_SHOWN = 20;

async function quarantine(line: CommandLine, io: Io): Promise<number> {
  const [action = '', id] = line.operands;
  if (action === 'list' && id === undefined) return await list(line, io);
  if (action === 'show' && id !== undefined) return await show(id, line, io);
  if (action === 'replay' && id !== undefined) return await replay(id, line, io);
  if (ACTIONS.includes(action)) {
    throw new UsageError(
      action === 'list'
        ? 'list takes no operand: --region and --code narrow it.'
        : `${action} needs an INGEST_ID.`,
    );
  }
  throw new UsageError(`"${action}" is not list, show or replay.${didYouMean(action, ACTIONS)}`);
}

async function list(line: CommandLine, io: Io): Promise<number> {
  const client = clientOf(line, io);
  const given = line.text('region');
  if (given !== undefined && !isRegion(given)) throw new UsageError(`"${given}" is not a region.`);
  const regions = given === undefined ? await allRegions(client) : [given];
  const found: QuarantinedIngest[] = [];
  for (const region of regions) {
    let cursor: string | undefined;
    do {
      const query = { region, code: line.text('code'), cursor };
      const page = quarantinePage.parse(
        (await client.send('GET', '/v1/quarantine', { query })).body,
      );
      found.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
  const output = line.text('output') ?? 'text';
  if (output === 'json') await io.out(jsonText(found));
  if (output === 'jsonl') for (const one of found) await io.out(`${JSON.stringify(one)}\n`);
  if (output === 'text') await io.out(found.map(ingestText).join(''));
  if (output === 'text' && found.length === 0) io.err('No refused rows.\n');
  return EXIT.ok;
}

/** Counts by reason, with an example of each; and what became of rows that were sent again. */
function ingestText(ingest: QuarantinedIngest): string {
  const { ingestId, region, key, receivedAt, quarantined, read, reasons, replays, state } = ingest;
  const taken = state === 'retracted' ? ', retracted' : '';
  return [
    `${ingestId}  ${printable(region)}  ${receivedAt}  ${quarantined} of ${read} rows refused${taken}`,
    `  ${printable(key)}`,
    ...reasons.map(({ code, count, example }) => `  ${count} x ${code}: ${printable(example)}`),
    ...replays.map(
      (one) =>
        `  replayed as ${one.ingestId} (${one.state}): rows=${one.read} accepted=${one.accepted} duplicate=${one.duplicate} conflict=${one.conflict} quarantined=${one.quarantined}`,
    ),
    '',
  ].join('\n');
}

async function show(id: string, line: CommandLine, io: Io): Promise<number> {
  const client = clientOf(line, io);
  const limit = line.integer('limit', { min: 1, max: 1_000_000 }) ?? ROWS_SHOWN;
  const output = line.text('output') ?? 'text';
  const rows: QuarantinedRow[] = [];
  for await (const { ingest, items, isFirst, isCut } of pages(client, line, { id, limit })) {
    if (output === 'text' && isFirst) await io.out(ingestText(ingest));
    if (output === 'text') await io.out(items.map(rowText).join(''));
    if (output === 'jsonl') await io.out(items.map((row) => `${JSON.stringify(row)}\n`).join(''));
    if (output === 'json') rows.push(...items);
    if (isCut) io.err('There are more: --limit shows them, replay --out writes all to a file.\n');
  }
  if (output === 'json') await io.out(jsonText(rows));
  return EXIT.ok;
}

/** Pages of rows up to the limit; the last says when more follow it. */
async function* pages(
  client: Client,
  line: CommandLine,
  { id, limit }: { readonly id: string; readonly limit: number },
) {
  const path = `/v1/ingests/${segment(id)}/quarantine`;
  let cursor: string | undefined;
  for (let shown = 0; shown < limit; ) {
    const query = { code: line.text('code'), limit: Math.min(200, limit - shown), cursor };
    const page = quarantinedRows.parse((await client.send('GET', path, { query })).body);
    const isFirst = shown === 0;
    shown += page.items.length;
    yield { ...page, isFirst, isCut: page.nextCursor !== null && shown >= limit };
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}

function rowText({ line, code, reason, row, keptAs }: QuarantinedRow): string {
  const cut = keptAs === 'head' ? ' (its start: the row is longer than is kept)' : '';
  return `Line ${line}: ${code}: ${printable(reason)}${cut}\n  ${printable(row)}\n`;
}
