import type { Metric } from '../../lib/capacity/demand.ts';
import { ProblemError } from '../../lib/errors.ts';
import type { Region } from '../../lib/identifiers.ts';
import type { ForecastRecord } from '../../lib/ports/documents.ts';
import { forecastChange } from '../../lib/records/forecast-change.ts';
import { trackRecord } from '../../lib/records/track-record.ts';
import { getForecastChange, getForecastRecord } from '../http/contracts/forecast-records.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

type RecordPorts = Pick<ReadPorts, 'forecasts' | 'regions'>;

/** How forecasts fared, and why the newest is another than before: both were told when it was made. */
export function forecastRecordRoutes(ports: RecordPorts): Implementation[] {
  return [
    implement(getForecastRecord, async ({ params: { region, metric } }) => {
      const { record } = await latestForecast(ports, region, metric);
      if (record === undefined || record === null) {
        throw new ProblemError(
          'not_found',
          `No forecast of ${metric} in "${region}" can be scored yet: the first day that one was kept for has to come first.`,
        );
      }
      return json(200, trackRecord.parse(record));
    }),
    implement(getForecastChange, async ({ params: { region, metric } }) => {
      const { change } = await latestForecast(ports, region, metric);
      if (change === undefined || change === null) {
        throw new ProblemError(
          'not_found',
          `No forecast of ${metric} in "${region}" was kept a week before the newest one: there is nothing to compare it with.`,
        );
      }
      return json(200, forecastChange.parse(change));
    }),
  ];
}

/** @throws ProblemError `not_found` where there is no such region, or no forecast of it yet */
export async function latestForecast(
  ports: RecordPorts,
  region: Region,
  metric: Metric,
): Promise<ForecastRecord> {
  await requireRegion(ports.regions, region);
  const latest = await ports.forecasts.latest(region, metric);
  if (latest !== null) return latest;
  throw new ProblemError(
    'not_found',
    `No forecast of ${metric} in "${region}" has been made yet: that happens every night, and now with POST /v1/forecasts.`,
  );
}
