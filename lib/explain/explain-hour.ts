import { compareText } from '../identifiers.ts';
import type { HoldRule } from '../metering/hold-rules.ts';
import type { MeterTable } from '../metering/meter-table.ts';
import type { Measure, Meter } from '../metering/meters.ts';
import { HOUR_US, type InstantUs } from '../period/instant.ts';
import type { LakeRow } from '../ports/resource-samples.ts';
import { type Counted, countedIn, type Risen, risenIn } from './counted.ts';
import { shareOut, sum, toPico } from './fraction.ts';
import { type Held, heldIn } from './held.ts';
import { type LeftOut, type Reading, readingsOf } from './reading.ts';
import { seriesOf } from './stand-ins.ts';

export type Part = Held | Risen | Counted;

export interface HourQuestion {
  /** Samples of the resource on the day and its two neighbours; those of other meters do no harm. */
  readonly rows: readonly LakeRow[];
  readonly retracted: ReadonlySet<string>;
  readonly meters: MeterTable;
  readonly rules: readonly HoldRule[];
  readonly measure: Measure;
  /** The first instant of the hour. */
  readonly hour: InstantUs;
}

/** An hourly row of usage, and all that it is the sum of. */
export interface ExplainedRow {
  readonly project: string;
  readonly class: string;
  /** In units of 10^-12: the quantity of record. */
  readonly pico: bigint;
  /** In the order of time; their quantities add up to the row's exactly. */
  readonly parts: readonly { readonly part: Part; readonly pico: bigint }[];
}

export interface ExplainedHour {
  /** Sorted by project and class. */
  readonly rows: readonly ExplainedRow[];
  /** What might be looked for in vain, in the order of time. */
  readonly leftOut: readonly LeftOut[];
}

/**
 * The usage of a resource in an hour, made once more from its samples: DESIGN section 4 sample by
 * sample, where the engine takes all resources at once. That the two agree is a law of the tests.
 */
export function explainHour(question: HourQuestion): ExplainedHour {
  const { rows, meters, retracted, measure, hour } = question;
  const { readings, leftOut } = readingsOf(rows, meters, retracted);
  const parts: Part[] = [];
  const without: LeftOut[] = [...leftOut];
  for (const meter of meters.all.filter((one) => one.measure === measure)) {
    const found = seriesOf(meter, readings, meters);
    const counted = partsOf(meter, found.series, question);
    parts.push(...counted.parts);
    without.push(...found.leftOut, ...counted.leftOut);
  }
  const explained = [...Map.groupBy(parts, payerOf).values()].map(rowOf);
  return {
    rows: explained
      .filter(({ pico }) => pico > 0n)
      .toSorted((a, b) => compareText(a.project, b.project) || compareText(a.class, b.class)),
    leftOut: nearby(without, parts, { ...question, hour }),
  };
}

/** All meters whose samples can be part of a measure's quantity: its own, and what stands in for them. */
export function metersBehind(measure: Measure, meters: MeterTable): readonly Meter[] {
  const own = meters.all.filter((meter) => meter.measure === measure);
  const sources = own.flatMap(({ standIn }) => {
    const source = standIn && meters.byName.get(standIn.source);
    return source ? [source] : [];
  });
  return [...new Set([...own, ...sources])];
}

function partsOf(
  meter: Meter,
  series: readonly Reading[],
  { rules, hour }: HourQuestion,
): { readonly parts: readonly Part[]; readonly leftOut: readonly LeftOut[] } {
  switch (meter.type) {
    case 'gauge': {
      const held = heldIn(series, rules, hour);
      return {
        parts: held.filter(({ nothing }) => nothing === null),
        leftOut: held.flatMap(({ reading, nothing }) =>
          nothing === null ? [] : [{ row: reading.row, because: nothing }],
        ),
      };
    }
    case 'cumulative': {
      const { risen, not } = risenIn(series, hour);
      return {
        parts: risen,
        leftOut: not.map(({ reading, because }) => ({ row: reading.row, because })),
      };
    }
    case 'delta':
      return { parts: countedIn(series, hour), leftOut: [] };
    default:
      return meter.type satisfies never;
  }
}

function payerOf({ reading }: Part): string {
  return JSON.stringify([reading.project, reading.class]);
}

function rowOf(parts: readonly Part[]): ExplainedRow {
  const inTime = parts.toSorted((a, b) => a.reading.time - b.reading.time);
  const shares = shareOut(inTime.map(({ quantity }) => quantity));
  const [first] = inTime;
  return {
    project: first?.reading.project ?? '',
    class: first?.reading.class ?? '',
    pico: toPico(sum(inTime.map(({ quantity }) => quantity))),
    parts: inTime.map((part, index) => ({ part, pico: shares[index] ?? 0n })),
  };
}

/** Of three days' left out rows those at the time of a part, in the hour, or where the parts begin. */
function nearby(
  leftOut: readonly LeftOut[],
  parts: readonly Part[],
  { hour }: Pick<HourQuestion, 'hour'>,
): LeftOut[] {
  const from = Math.min(hour, ...parts.map(({ reading }) => reading.time));
  const to = Math.max(hour + HOUR_US - 1, ...parts.map(({ reading }) => reading.time));
  const isHolding = ({ because }: LeftOut): boolean =>
    because === 'deleted' ||
    because === 'shelved' ||
    because === 'state is not billed' ||
    because === 'volume is 0';
  return leftOut
    .filter((one) => isHolding(one) || (from <= one.row.time && one.row.time <= to))
    .toSorted(
      (a, b) =>
        a.row.time - b.row.time ||
        compareText(a.row.ingestId, b.row.ingestId) ||
        a.row.line - b.row.line,
    );
}
