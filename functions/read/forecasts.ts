import { forecastResponse, sliceForecast } from '../../lib/capacity/forecast-answer.ts';
import { ProblemError } from '../../lib/errors.ts';
import { regionExhaustion } from '../../lib/planning/region-answer.ts';
import { trackRecord } from '../../lib/records/track-record.ts';
import { getExhaustion, getForecast, getForecastRun } from '../http/contracts/forecasts.ts';
import { requireRegion } from '../http/known-region.ts';
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
    implement(getExhaustion, async ({ params: { region } }) => {
      await requireRegion(ports.regions, region);
      const record = await ports.forecasts.latest(region, 'exhaustion');
      if (record !== null) return json(200, regionExhaustion.parse(record.body));
      throw new ProblemError(
        'not_found',
        `When "${region}" runs out is not known: that takes a forecast of its demand (made every night, and now with POST /v1/forecasts) and its hosts (an inventory of Placement or Nova).`,
      );
    }),
    implement(getForecastRun, async ({ params }) =>
      runReply(ports.forecastRuns, params.name, 'forecast-'),
    ),
  ];
}
