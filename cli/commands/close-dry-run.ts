import { json } from 'node:stream/consumers';
import type { CommandLine } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { jobResult } from '../job-result.ts';
import { printReport } from '../output.ts';
import { type DryRunView, dryRunResult } from '../responses/periods.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { checksText } from './close-checks-text.ts';

/** What a close would make of the month, and what differs from the last time. */
export async function dryRun(
  line: CommandLine,
  io: Io,
  { period, timeoutSeconds }: { readonly period: string; readonly timeoutSeconds: number },
): Promise<number> {
  const result = await jobResult(clientOf(line, io), io, {
    path: `/v1/periods/${period}/dry-runs`,
    body: {},
    what: 'The dry run',
    doing: `Closing ${period}, without making anything`,
    timeoutSeconds,
  });
  const answer = await json(result);
  await printReport(line, io, { data: answer, text: () => dryRunText(dryRunResult.parse(answer)) });
  return EXIT.ok;
}

function dryRunText(told: DryRunView): string {
  const { period, currency, bills, notes, checks } = told;
  const totals = table(
    [
      { title: 'team', value: ({ team }) => team },
      { title: currency, value: ({ total }) => total, align: 'right' },
    ],
    bills,
  );
  const noted =
    notes.length === 0
      ? ''
      : `\nNotes on earlier months:\n${table(
          [
            { title: 'team', value: ({ team }) => team },
            { title: 'corrects', value: ({ corrects }) => corrects },
            { title: currency, value: ({ total }) => total, align: 'right' },
          ],
          notes,
        )}`;
  return `${period}, dry run\n${totals}${noted}\n${differencesText(told)}${checksText(checks)}`;
}

function differencesText({ comparedWith, differences }: DryRunView): string {
  if (comparedWith === null) return 'There is no earlier dry run or draft to compare with.\n';
  const { kind, revision, at } = comparedWith;
  const other = kind === 'draft' ? `draft, revision ${revision ?? 0}` : `dry run of ${at}`;
  if (differences.length === 0) return `Nothing differs from the ${other}.\n`;
  const rows = differences.flatMap(({ team, lines, ...sum }) => [
    { ...sum, team, line: 'total' },
    ...lines.map((line) => ({
      team: '',
      line: [line.project, line.region, line.measure, line.class, line.rule, line.card]
        .filter((part) => part !== '')
        .join(' '),
      before: line.before ?? '-',
      after: line.after ?? '-',
      change: '',
    })),
  ]);
  const columns = (['before', 'after', 'change'] as const).map((name) => ({
    title: name,
    value: (row: (typeof rows)[number]) => row[name],
    align: 'right' as const,
  }));
  const named = (['team', 'line'] as const).map((name) => ({
    title: name,
    value: (row: (typeof rows)[number]) => row[name],
  }));
  return `Against the ${other}:\n${table([...named, ...columns], rows)}`;
}
