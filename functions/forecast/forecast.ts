import * as z from 'zod';
import { parseRegion } from '../../lib/identifiers.ts';
import {
  type ForecastTarget,
  forecastRegion,
  forecastTargets,
  type MadeForecast,
  type PlanningPorts,
} from '../../lib/planning/forecast-region.ts';

const Event = z.discriminatedUnion('step', [
  z.object({ step: z.literal('list') }),
  z.object({
    step: z.literal('forecast'),
    region: z.string().transform(parseRegion),
  }),
]);

export interface ForecastDeps extends PlanningPorts {
  readonly log: (message: string, details: Record<string, unknown>) => void;
}

/** Lists what can be forecast, or forecasts one region. */
export function forecastHandler({ log, ...ports }: ForecastDeps) {
  return async (
    event: unknown,
  ): Promise<MadeForecast | { readonly targets: readonly ForecastTarget[] }> => {
    const request = Event.parse(event);
    if (request.step === 'list') return { targets: await forecastTargets(ports) };
    const made = await forecastRegion(ports, request);
    log('forecast', { ...made });
    return made;
  };
}
