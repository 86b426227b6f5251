import * as z from 'zod';
import { type InstantUs, parseInstant } from '../period/instant.ts';
import type { ImportedDay } from '../ports/capacity-store.ts';
import { readEnvelope } from './envelope.ts';
import { type Measure, projectOf, seriesOf } from './gnocchi-measures.ts';
import { sumByHour } from './imported-hours.ts';
import type { ReadingOptions } from './object-reading.ts';
import { AHEAD_MAX_US, EARLIEST } from './reading-rules.ts';
import { ObjectRefused, type Refusal } from './refusal.ts';
import { NO_FINDINGS, type RowSink } from './row-sink.ts';

const HOUR_SECONDS = 3_600;
const MIB_PER_GIB = 1_024;
/** A measure takes a tenth of the memory that other rows do. */
const MEASURES_A_ROW = 10;

const ENVELOPE = z.strictObject({
  region: z.string(),
  metric: z.enum(['cores', 'ram']),
  // A mean over instances is no demand.
  operation: z.literal('sum'),
  granularity: z
    .int()
    .positive()
    .refine(fitsHours, 'must be a divisor or a multiple of 3600 seconds')
    .optional(),
  unit: z.enum(['vcpu', 'MiB', 'GiB']).optional(),
  body: z.unknown(),
});

type Envelope = z.infer<typeof ENVELOPE>;

function fitsHours(seconds: number): boolean {
  return seconds > 0 && (HOUR_SECONDS % seconds === 0 || seconds % HOUR_SECONDS === 0);
}

/** All buckets of one metric at one granularity. */
interface Demand {
  readonly metric: 'cores' | 'ram';
  readonly granularity: number;
  readonly series: Map<string, Map<InstantUs, number | null>>;
}

/**
 * Gnocchi aggregates become demand by the hour: of the mixed granularities the one that the envelope
 * names, else the finest that fits into hours; never two. A row is a measure of that granularity.
 */
export function importedDemandSink(options: ReadingOptions): RowSink {
  const demands = new Map<string, Demand>();
  const measuresMax = MEASURES_A_ROW * options.limits.waitingRowsMax;
  const counts = { accepted: 0, duplicate: 0, conflict: 0 };
  return {
    take(text, line) {
      const envelope = readEnvelope(ENVELOPE, text, { line, region: options.region });
      const perUnit = unitsPerQuantity(envelope, line);
      const { chosen, granularity } = chosenMeasures(envelope, line);
      const demand = demandOf(demands, envelope.metric, granularity);
      for (const { name, measure } of chosen) {
        const start = startOf(measure, options.putAt);
        if (typeof start !== 'number') {
          options.quarantine(line, start, JSON.stringify(measure));
          continue;
        }
        const value = finiteOrNull(measure[2], perUnit);
        counts[keep(demand, { name, start, value })] += 1;
        if (counts.accepted > measuresMax) throw tooManyMeasures(measuresMax);
      }
      return chosen.length;
    },
    end() {
      const { region } = options;
      const importedDays = [...demands.values()].flatMap((demand) =>
        daysOf(demand).map((day) => ({ ...day, metric: demand.metric, region })),
      );
      const warning = importedDays.length === 0 ? 'The answers held no measures.' : null;
      return { ...NO_FINDINGS, ...counts, importedDays, warning };
    },
  };
}

function tooManyMeasures(measuresMax: number): ObjectRefused {
  return new ObjectRefused(
    'too_many_measures',
    `The object holds more than ${measuresMax} measures, which wait in memory to be added up. Export a month at a time, or at a granularity of an hour.`,
  );
}

/** Of the region, and of each project where the groups name them. */
function daysOf({
  granularity,
  series,
}: Demand): Pick<ImportedDay, 'date' | 'hours' | 'project'>[] {
  const byProject = Map.groupBy(series, ([name]) => projectOf(name));
  const ofProjects = [...byProject].flatMap(([project, own]) =>
    project === null
      ? []
      : sumByHour(new Map(own), granularity).map((day) => ({ ...day, project })),
  );
  return [...sumByHour(series, granularity), ...ofProjects];
}

/** @param granularity null where the body holds no measure, and the envelope says none */
function demandOf(
  demands: Map<string, Demand>,
  metric: Demand['metric'],
  granularity: number | null,
): Demand {
  const present = demands.get(metric);
  if (granularity === null) {
    return present ?? { metric, granularity: HOUR_SECONDS, series: new Map() };
  }
  const demand = present ?? { metric, granularity, series: new Map() };
  demands.set(metric, demand);
  if (demand.granularity !== granularity) {
    throw new ObjectRefused(
      'mixed_granularities',
      `The object asks for "${metric}" at granularities ${demand.granularity} and ${granularity}, which would count demand twice. Export one of them.`,
    );
  }
  return demand;
}

function chosenMeasures(envelope: Envelope, line: number) {
  const { metric, body } = envelope;
  const postedSeconds = envelope.granularity ?? HOUR_SECONDS;
  const all = seriesOf(body, { line, metric, postedSeconds }).flatMap(({ name, measures }) =>
    measures.map((measure) => ({ name, measure })),
  );
  const found = [...new Set(all.map(({ measure }) => measure[1]))].toSorted((a, b) => a - b);
  const granularity = envelope.granularity ?? found.find(fitsHours) ?? null;
  const chosen = all.filter(({ measure }) => measure[1] === granularity);
  if (all.length > 0 && chosen.length === 0) {
    const wanted = envelope.granularity === undefined ? 'one that fits into hours' : granularity;
    throw new ObjectRefused(
      'no_such_granularity',
      `The envelope at line ${line} asks for a granularity of ${wanted} s, and its body has ${found.join(', ')} s only. Name one of those that divides 3600 or is a multiple of it.`,
    );
  }
  return { chosen, granularity };
}

function unitsPerQuantity({ metric, unit }: Envelope, line: number): number {
  const fits = metric === 'cores' ? unit === undefined || unit === 'vcpu' : unit !== 'vcpu';
  if (!fits) {
    throw new ObjectRefused(
      'unit_mismatch',
      `The envelope at line ${line} gives "${metric}" in ${unit}. Cores are counted in vcpu, RAM in MiB or GiB.`,
    );
  }
  return metric === 'ram' && unit !== 'GiB' ? MIB_PER_GIB : 1;
}

function startOf(measure: Measure, putAt: InstantUs): InstantUs | Refusal {
  const start = parseInstant(measure[0]);
  if (start === null) {
    return {
      code: 'timestamp_unreadable',
      reason: `The bucket start "${measure[0].slice(0, 80)}" is not ISO 8601, or names a time that does not exist.`,
    };
  }
  if (start >= EARLIEST && start <= putAt + AHEAD_MAX_US) return start;
  return {
    code: start < EARLIEST ? 'timestamp_too_old' : 'timestamp_in_future',
    reason: `The bucket start "${measure[0]}" lies before 2010, or more than 24 h after the object arrived.`,
  };
}

function finiteOrNull(value: number | null, perUnit: number): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value / perUnit : null;
}

/** One bucket told twice counts once; of two values the greater, of a value and none the value. */
function keep(
  demand: Demand,
  bucket: { readonly name: string; readonly start: InstantUs; readonly value: number | null },
): 'accepted' | 'duplicate' | 'conflict' {
  const series = demand.series.get(bucket.name) ?? new Map<InstantUs, number | null>();
  demand.series.set(bucket.name, series);
  const present = series.get(bucket.start);
  if (present === undefined) {
    series.set(bucket.start, bucket.value);
    return 'accepted';
  }
  if (present === bucket.value) return 'duplicate';
  series.set(bucket.start, Math.max(present ?? 0, bucket.value ?? 0));
  return 'conflict';
}
