import { forecastResponse, sliceForecast } from '../../lib/capacity/forecast-answer.ts';
import { ProblemError } from '../../lib/errors.ts';
import { getForecast, getForecastRun } from '../http/contracts/forecasts.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';
import { runReply } from './runs.ts';

export function forecastRoutes(
  ports: Pick<ReadPorts, 'forecasts' | 'forecastRuns' | 'regions'>,
): Implementation[] {
  return [
    implement(getForecast, async ({ params, query }) => {
      const { region, metric } = params;
      await requireRegion(ports.regions, region);
      const record = await ports.forecasts.latest(region, metric);
      if (record === null) {
        throw new ProblemError(
          'not_found',
          `No forecast of ${metric} in "${region}" has been made yet: that happens every night, and now with POST /v1/forecasts.`,
        );
      }
      const answer = sliceForecast(forecastResponse.parse(record.body), {
        horizonDays: query.horizon,
        quantiles: query.quantiles.map(Number),
      });
      return json(200, answer);
    }),
    implement(getForecastRun, async ({ params }) =>
      runReply(ports.forecastRuns, params.name, 'forecast-'),
    ),
  ];
}
