import { forecastResponse, sliceForecast } from '../../lib/capacity/forecast-answer.ts';
import { ProblemError } from '../../lib/errors.ts';
import { regionExhaustion } from '../../lib/planning/region-answer.ts';
import { sliceTeams, teamForecastsAnswer } from '../../lib/planning/team-answer.ts';
import { trackRecord } from '../../lib/records/track-record.ts';
import {
  getExhaustion,
  getForecast,
  getForecastRun,
  getTeamForecasts,
} from '../http/contracts/forecasts.ts';
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
    implement(getTeamForecasts, async ({ params: { region, metric }, query }) => {
      await requireRegion(ports.regions, region);
      const record = await ports.forecasts.latest(region, `teams-${metric}`);
      if (record === null) {
        throw new ProblemError(
          'not_found',
          `No forecast of ${metric} by team in "${region}" has been made yet: that happens every night, and now with POST /v1/forecasts, once its usage is metered.`,
        );
      }
      const all = teamForecastsAnswer.parse(record.body);
      const { team, horizon: horizonDays } = query;
      if (team === undefined || all.teams.some((one) => one.team === team)) {
        return json(200, sliceTeams(all, { horizonDays, team }));
      }
      const known = all.teams.map((one) => one.team).join(', ');
      const message = `No forecast of team "${team}" in "${region}"; there are: ${known}.`;
      throw new ProblemError('not_found', message);
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
