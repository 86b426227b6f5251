import * as z from 'zod';
import { dayOf } from '../../period/calendar.ts';
import { formatInstant } from '../../period/instant.ts';
import type { SourceOf } from '../source.ts';
import { type Window, windowsOf } from '../windows.ts';
import { answerOf } from './answer.ts';
import { onOneLine, type PullContext, type Pulled, type PullKind } from './kind.ts';

type Aggregates = SourceOf<'gnocchi-aggregates'>;

const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
/** Measures come in late by how long Ceilometer polls and metricd works. */
const SETTLE_SECONDS = 600;

const METER = { cores: 'vcpus', ram: 'memory' } as const;

/** Groups, or without groups one series. */
const readAggregates = answerOf(
  z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]),
  "Gnocchi's answer to POST /v1/aggregates",
);

/**
 * POST /v1/aggregates (gnocchi doc/source/rest): sums over resources, by day of UTC. A bucket that
 * some resources have no measure in is the sum of the others (`fill=null`): they did not exist then.
 */
export const gnocchiAggregates: PullKind<Aggregates> = {
  isSnapshot: false,
  windows: (source, at) =>
    windowsOf({
      ...at,
      stepSeconds: Math.max(source.granularity, HOUR_SECONDS),
      windowSeconds: Math.max(source.granularity, DAY_SECONDS),
      overlapMinutes: source.overlapMinutes,
      historyDays: source.historyDays,
      settleSeconds: SETTLE_SECONDS,
    }),
  pull,
};

async function pull(
  source: Aggregates,
  window: Window,
  { ask, warn }: PullContext,
): Promise<Pulled | null> {
  const { region, metric, granularity, unit } = source;
  const { text, value } = await ask(
    {
      service: 'metric',
      method: 'POST',
      path: '/v1/aggregates',
      query: [
        ['start', formatInstant(window.from)],
        ['stop', formatInstant(window.to)],
        ['granularity', String(granularity)],
        ['fill', 'null'],
        ...source.groupBy.map((attribute) => ['groupby', attribute] as const),
      ],
      body: {
        operations: source.operations ?? `(aggregate sum (metric ${METER[metric]} mean))`,
        resource_type: source.resourceType,
        search: {},
      },
    },
    readAggregates,
  );
  if (Object.keys(value).length === 0) {
    warn(
      `Gnocchi knows no measures of ${metric} from ${formatInstant(window.from)} to ${formatInstant(window.to)}: nothing was put.`,
    );
    return null;
  }
  const head = { region, metric, operation: 'sum', granularity, ...(unit && { unit }) };
  const line = `${JSON.stringify(head).slice(0, -1)},"body":${onOneLine(text)}}`;
  return { day: dayOf(window.from), lines: [line] };
}
