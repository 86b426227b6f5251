import { forecastResponse, sliceForecast } from '../../lib/capacity/forecast-answer.ts';
import { trackRecord } from '../../lib/records/track-record.ts';
import { getForecast, getForecastRun } from '../http/contracts/forecasts.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import { latestForecast } from './forecast-records.ts';
import type { ReadPorts } from './ports.ts';
import { runReply } from './runs.ts';

export function forecastRoutes(
  ports: Pick<ReadPorts, 'forecasts' | 'forecastRuns' | 'regions'>,
): Implementation[] {
  return [
    implement(getForecast, async ({ params, query }) => {
      const { body, record } = await latestForecast(ports, params.region, params.metric);
      const answer = sliceForecast(forecastResponse.parse(body), {
        horizonDays: query.horizon,
        quantiles: query.quantiles.map(Number),
      });
      if (record === undefined || record === null) return json(200, answer);
      return json(200, { ...answer, record: trackRecord.parse(record).summary });
    }),
    implement(getForecastRun, async ({ params }) =>
      runReply(ports.forecastRuns, params.name, 'forecast-'),
    ),
  ];
}
