import { decimal, toText } from '../decimal/decimal.ts';
import { unitOf } from '../metering/meter-table.ts';
import { withProjectName } from '../names/project-names.ts';
import { formatInstant, SECOND_US } from '../period/instant.ts';
import type { LakeRow } from '../ports/resource-samples.ts';
import type { Counted, Risen } from './counted.ts';
import type { ExplainedRow, Part } from './explain-hour.ts';
import type { UsageAnswer } from './explain-usage.ts';
import { QUANTITY_DECIMALS } from './fraction.ts';
import type { Held } from './held.ts';
import type { LeftOut, Reading } from './reading.ts';

const FINE_DECIMALS = 36;
const VOLUME_DECIMALS = 18;
const MICRO_DECIMALS = 6;

/** An explanation as the API gives it: decimals as text, instants as RFC 3339. */
export function explanationView(answer: UsageAnswer, project: string | null) {
  const { question, meters, partitions } = answer;
  const { region, resource, measure, hour } = question;
  const isOf = (row: { readonly project: string }): boolean =>
    project === null || row.project === project;
  const behind = partitions.filter(({ generation, metered }) => metered < generation);
  return {
    region,
    resource,
    resourceName: answer.resourceName,
    measure,
    unit: unitOf(meters, measure),
    hour: formatInstant(hour),
    isMetered: partitions.length > 0 && behind.length === 0,
    rows: answer.rows.filter(isOf).map((row) => rowView(row, answer)),
    recorded: answer.recorded.filter(isOf),
    leftOut: answer.leftOut.filter(({ row }) => isOf(row)).map((one) => leftOutView(one, answer)),
  };
}

export type UsageExplanation = ReturnType<typeof explanationView>;

function rowView({ project, class: className, pico, parts }: ExplainedRow, answer: UsageAnswer) {
  return {
    ...withProjectName({ project }, answer.projectNames),
    class: className,
    quantity: toText(decimal(pico, QUANTITY_DECIMALS)),
    contributions: parts.map(({ part, pico: share }) => ({
      quantity: toText(decimal(share, QUANTITY_DECIMALS)),
      ...readingView(part.reading),
      ...partView(part, answer),
      sample: sampleView(part.reading.row, answer),
    })),
  };
}

function readingView({ meter, time, volume, standIn, row }: Reading) {
  return {
    meter: meter.name,
    time: formatInstant(time),
    volume: toText(decimal(volume, FINE_DECIMALS)),
    standIn:
      standIn === null
        ? null
        : {
            meter: standIn.of.name,
            volume: toText(decimal(row.volume, VOLUME_DECIMALS)),
            size: standIn.size === null ? null : toText(decimal(standIn.size, VOLUME_DECIMALS)),
          },
    state: row.state,
  };
}

function partView(part: Part, answer: UsageAnswer) {
  switch (part.kind) {
    case 'held':
      return heldView(part);
    case 'risen':
      return risenView(part, answer);
    case 'counted':
      return { how: 'counted' as const, messageId: (part as Counted).reading.row.messageId };
    default:
      return part satisfies never;
  }
}

function heldView({ from, to, ends, heldUs, rule, reading }: Held) {
  return {
    how: 'held' as const,
    from: formatInstant(from),
    to: formatInstant(to),
    ends,
    knownUntil: reading.row.heldUntil === null ? null : formatInstant(reading.row.heldUntil),
    secondsInHour: seconds(heldUs),
    rule: {
      intervalSeconds: rule.intervalUs / SECOND_US,
      gapToleranceSeconds: rule.gapToleranceUs / SECOND_US,
    },
  };
}

function risenView({ before, isReset, difference, inHourUs, reading }: Risen, answer: UsageAnswer) {
  return {
    how: 'risen' as const,
    previous: {
      time: formatInstant(before.time),
      volume: toText(decimal(before.volume, FINE_DECIMALS)),
      sample: sampleView(before.row, answer),
    },
    isReset,
    difference: toText(decimal(difference, FINE_DECIMALS)),
    secondsInHour: seconds(inHourUs),
    secondsBetween: seconds(reading.time - before.time),
  };
}

function leftOutView({ row, because, insteadOf }: LeftOut, answer: UsageAnswer) {
  return {
    because,
    meter: row.meter,
    type: row.type,
    unit: row.unit,
    project: row.project,
    time: formatInstant(row.time),
    volume: toText(decimal(row.volume, VOLUME_DECIMALS)),
    state: row.state,
    sample: sampleView(row, answer),
    counted: insteadOf === undefined ? null : placeView(insteadOf),
  };
}

/** Where a sample came from; key and time are null when the ledger knows nothing of its ingest. */
function sampleView(row: LakeRow, { ingests }: UsageAnswer) {
  const ingest = ingests.get(row.ingestId);
  return {
    ...placeView(row),
    key: ingest?.key ?? null,
    format: ingest?.format ?? null,
    receivedAt: ingest?.receivedAt ?? null,
    sentBy: ingest?.actor ?? null,
    row: row.received,
  };
}

function placeView({ ingestId, line }: LakeRow) {
  return { ingestId, line };
}

function seconds(us: number): string {
  return toText(decimal(BigInt(us), MICRO_DECIMALS));
}
