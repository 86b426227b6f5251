import * as z from 'zod';
import { parseRegion } from '../../lib/identifiers.ts';
import {
  FORECAST_PARTS,
  type ForecastTarget,
  forecastRegion,
  forecastTargets,
  type MadeForecast,
  type PlanningPorts,
} from '../../lib/planning/forecast-region.ts';
import {
  forecastTeams,
  type MadeTeamForecasts,
  type TeamPorts,
} from '../../lib/planning/forecast-teams.ts';

const Event = z.discriminatedUnion('step', [
  z.object({ step: z.literal('list') }),
  z.object({
    step: z.literal('forecast'),
    region: z.string().transform(parseRegion),
    of: z.enum(FORECAST_PARTS).default('region'),
  }),
]);

export interface ForecastDeps extends PlanningPorts {
  readonly totals: PlanningPorts['totals'] & TeamPorts['totals'];
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

type Answer = MadeForecast | MadeTeamForecasts | { readonly targets: readonly ForecastTarget[] };

/** Lists what can be forecast, or forecasts one region, or its teams. */
export function forecastHandler({ log, ...ports }: ForecastDeps) {
  return async (event: unknown): Promise<Answer> => {
    const request = Event.parse(event);
    if (request.step === 'list') return { targets: await forecastTargets(ports) };
    const { region, of } = request;
    const made =
      of === 'region'
        ? await forecastRegion(ports, region)
        : await forecastTeams(ports, { region, metric: of === 'teams-ram' ? 'ram' : 'cores' });
    log('forecast', { ...made });
    return made;
  };
}
