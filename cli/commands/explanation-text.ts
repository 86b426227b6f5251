import type { Explanation } from '../responses/usage-explanation.ts';
import { printable, table } from '../table.ts';

type Row = Explanation['rows'][number];
type Contribution = Row['contributions'][number];
type Sample = Contribution['sample'];

/** An explanation for a person: a table a row of usage, and what was left out. */
export function explanationText(answer: Explanation): string {
  const { region, resource, measure, hour, unit, isMetered } = answer;
  const name = answer.resourceName == null ? '' : ` (${answer.resourceName})`;
  return [
    printable(`${region}  ${resource}${name}  ${measure}  ${hour}`).concat('\n'),
    ...(answer.rows.length === 0 ? ['No usage in this hour.\n'] : []),
    ...answer.rows.flatMap((row) => [
      heading(row, unit, recordedOf(answer, row)),
      contributions(row),
    ]),
    ...(isMetered ? [] : ['Newer samples of this day wait to be metered: its usage may differ.\n']),
    ...(answer.leftOut.length === 0 ? [] : ['Left out:\n', leftOut(answer)]),
  ].join('\n');
}

function recordedOf({ recorded }: Explanation, { project, class: className }: Row): string | null {
  const found = recorded.find((one) => one.project === project && one.class === className);
  return found?.quantity ?? null;
}

function heading(row: Row, unit: string | null, recorded: string | null): string {
  const project = row.projectName == null ? row.project : `${row.projectName} (${row.project})`;
  const className = row.class === '' ? '' : `, ${row.class}`;
  const differs = recorded === row.quantity ? '' : `; recorded: ${recorded ?? 'nothing yet'}`;
  return printable(`${project}${className}: ${row.quantity} ${unit ?? ''}${differs}`).concat('\n');
}

function contributions({ contributions: rows }: Row): string {
  return table<Contribution>(
    [
      { title: 'adds', value: ({ quantity }) => quantity, align: 'right' },
      { title: 'meter', value: meterText },
      { title: 'time', value: ({ time }) => time },
      { title: 'volume', value: ({ volume }) => volume, align: 'right' },
      { title: 'because', value: becauseText },
      { title: 'sample', value: ({ sample }) => placeText(sample) },
    ],
    rows,
  );
}

function meterText({ meter, standIn }: Contribution): string {
  if (standIn === null) return meter;
  const size = standIn.size === null ? '' : ` x ${standIn.size}`;
  return `${meter} (from ${standIn.meter} ${standIn.volume}${size})`;
}

function becauseText(part: Contribution): string {
  switch (part.how) {
    case 'held':
      return `held ${part.secondsInHour} s: from ${part.from} to ${part.to} (${part.ends})`;
    case 'risen':
      return `${part.isReset ? 'reset, then ' : ''}rose by ${part.difference} since ${part.previous.time}: ${part.secondsInHour} of ${part.secondsBetween} s`;
    case 'counted':
      return 'counted in the hour of its time';
    default:
      return part satisfies never;
  }
}

function leftOut({ leftOut: rows }: Explanation): string {
  return table<Explanation['leftOut'][number]>(
    [
      { title: 'why', value: ({ because }) => because },
      { title: 'meter', value: ({ meter }) => meter },
      { title: 'time', value: ({ time }) => time },
      { title: 'volume', value: ({ volume }) => volume, align: 'right' },
      { title: 'sample', value: ({ sample }) => placeText(sample) },
    ],
    rows,
  );
}

function placeText({ key, ingestId, line }: Sample): string {
  return `${key ?? ingestId}:${line}`;
}
