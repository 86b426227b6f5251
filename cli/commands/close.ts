import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { fetchBills } from '../fetch-bills.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { monthOperand } from '../month.ts';
import { JSON_OPTION, jsonText } from '../output.ts';
import { progress } from '../progress.ts';
import { started } from '../responses/jobs.ts';
import { periodChecks } from '../responses/periods.ts';
import { clientOf } from '../server.ts';
import { waitForRun } from '../wait-for-run.ts';
import { command } from '../with-command-line.ts';
import { checksText } from './close-checks-text.ts';

export const closeSpec: CommandSpec = {
  name: 'close',
  summary: 'Make the bills of a month; with --issue, number them and make them final',
  usage: [
    'close YYYY-MM [--issue] [--accept-gaps REASON] [-o json]',
    'close YYYY-MM --dry-run [-o json]',
  ],
  examples: ['headroom close 2026-10', 'headroom close 2026-10 --issue --as finance@example.org'],
  operands: { name: 'The month (YYYY-MM)', min: 1, max: 1 },
  options: [
    { flag: 'issue', help: 'Issue the bills: they are numbered and never change again' },
    {
      flag: 'accept-gaps',
      value: 'REASON',
      help: 'Close though hours, days or sources are missing; the reason is kept with the month',
    },
    {
      flag: 'dry-run',
      help: 'Make nothing: tell what a close would make, and what differs from the last dry run or draft',
    },
    JSON_OPTION,
    { flag: 'timeout', value: 'SECONDS', help: 'How long to wait (default: 900)' },
    ...SERVER_OPTIONS,
  ],
  notes: [
    'Refused while samples of the month are being ingested or wait to be metered, and where readings are missing',
    '(headroom usage completeness) unless --accept-gaps says why that is right. Closing again makes a new',
    'revision from the data as it is then; an issued month stays as it is, and what changed of it since becomes credit',
    'and debit notes with the next month (headroom bill notes).',
  ],
};

export const closeCommand = command(closeSpec, closeMonth);

async function closeMonth(line: CommandLine, io: Io): Promise<number> {
  const period = monthOperand(line);
  const timeoutSeconds = line.integer('timeout', { min: 1, max: 86_400 }) ?? 900;
  const acceptGaps = line.text('accept-gaps');
  if (line.has('dry-run')) {
    if (line.has('issue'))
      throw new UsageError('--dry-run makes nothing, so --issue has no sense.');
    const { dryRun } = await import('./close-dry-run.ts');
    return await dryRun(line, io, { period, timeoutSeconds });
  }
  const client = clientOf(line, io);
  const answer = await client.send('POST', `/v1/periods/${period}/close`, {
    body: { issue: line.has('issue'), ...(acceptGaps === undefined ? {} : { acceptGaps }) },
  });
  const { location } = started.parse(answer.body);
  const shown = progress(io);
  shown.update(`Closing ${period} ...`);
  try {
    await waitForRun(client, io, { location, what: `Closing ${period}`, timeoutSeconds });
  } finally {
    shown.done();
  }
  const bills = await fetchBills(client, period);
  if (line.text('output') === 'json') {
    await io.out(jsonText(bills));
    return EXIT.ok;
  }
  const { checks } = periodChecks.parse((await client.send('GET', `/v1/periods/${period}`)).body);
  await io.out(`${closedText(bills)}\n${checksText(checks)}`);
  return EXIT.ok;
}

type Bills = Awaited<ReturnType<typeof fetchBills>>;

function closedText(bills: Bills): string {
  const { period, state, revision, sha256, total, currency } = bills;
  const lines = bills.bills.map((one) => {
    const number = one.number === null ? '' : `  ${one.number}`;
    return `  ${one.team}  ${one.total} ${currency}${number}`;
  });
  const unrated =
    bills.unratedCount === 0
      ? []
      : [
          `Unrated: ${bills.unratedCount} rows of usage have no price (headroom bill ${period} -o json).`,
        ];
  return [
    `${period} ${state}, revision ${revision}: ${counted(bills.bills.length, 'bill')}, total ${total} ${currency}`,
    ...lines,
    ...unrated,
    `sha256 ${sha256 ?? '-'}`,
  ].join('\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
