import type { Metric } from '../capacity/demand.ts';
import type { ForecastResponse } from '../capacity/forecast-answer.ts';
import type { Region } from '../identifiers.ts';
import { addDays, type Day } from '../period/calendar.ts';
import type { ForecastStore, ForecastSubject } from '../ports/documents.ts';
import type { Regions } from '../ports/regions.ts';
import { type Beside, type RecordPorts, recordForecast } from '../records/record-region.ts';
import { type InputPorts, knownDemand, regionInputs, todayOf } from './gather-inputs.ts';
import { regionForecast } from './region-forecast.ts';
import { remembered } from './remembered.ts';

export interface PlanningPorts extends InputPorts {
  readonly regions: Pick<Regions, 'list'>;
  readonly forecasts: Pick<ForecastStore, 'put'>;
  readonly lake: RecordPorts['lake'];
  readonly codeVersion: string;
}

/** What one call forecasts: the region with both its resources, or one of them by team. */
export const FORECAST_PARTS = ['region', 'teams-cores', 'teams-ram'] as const;

export interface ForecastTarget {
  readonly region: Region;
  readonly of: (typeof FORECAST_PARTS)[number];
}

export interface MadeForecast {
  readonly region: Region;
  readonly forecasts: readonly {
    readonly metric: Metric;
    readonly origin: Day;
    readonly status: ForecastResponse['status'];
    /** The model that was chosen; null when there are too few observations for any. */
    readonly model: string | null;
  }[];
}

const METRICS: readonly Metric[] = ['cores', 'ram'];
/** Both resources, as they are now and with what was planned a week before. */
const SERIES_REMEMBERED = 8;

/** All parts of the regions of which any day of demand is known. */
export async function forecastTargets(ports: PlanningPorts): Promise<readonly ForecastTarget[]> {
  const known: ForecastTarget[] = [];
  for (const { region } of await ports.regions.list()) {
    const demand = await knownDemand(ports, region);
    if (METRICS.some((metric) => demand[metric].length > 0)) {
      known.push(...FORECAST_PARTS.map((of) => ({ region, of })));
    }
  }
  return known;
}

/**
 * Forecasts the demand of a region a year ahead and keeps it: in the lake for good, and in the table
 * for the API. The same inputs give the same forecast, to the last digit.
 */
export async function forecastRegion(ports: PlanningPorts, region: Region): Promise<MadeForecast> {
  const inputs = await regionInputs(ports, region);
  const forecast = remembered(SERIES_REMEMBERED);
  const made = regionForecast(inputs, { forecast });
  const known = METRICS.filter((metric) => inputs.demand[metric].length > 0);
  const forecasts = known.map((metric) => {
    const body = made[metric];
    return {
      metric,
      origin: inputs.demand[metric].at(-1)?.date ?? addDays(todayOf(ports), -1),
      status: body.status,
      model: body.status === 'forecast' ? body.model.name : null,
    };
  });
  for (const { metric, origin } of forecasts) {
    const beside = await recordForecast(ports, metric, { inputs, made, forecast });
    await keep(ports, { region, metric, origin, body: made[metric], ...beside });
  }
  if (made.exhaustion !== null) {
    const { origin } = made.exhaustion;
    await keep(ports, { region, metric: 'exhaustion', origin, body: made.exhaustion });
  }
  return { region, forecasts };
}

async function keep(
  ports: PlanningPorts,
  made: Partial<Beside> & {
    readonly region: Region;
    readonly metric: ForecastSubject;
    readonly origin: Day;
    readonly body: unknown;
  },
): Promise<void> {
  const { region, metric, origin } = made;
  const record = { ...made, createdAt: ports.now().toISOString() };
  await ports.lake.put(
    `forecasts/region=${region}/metric=${metric}/${origin}.json`,
    new TextEncoder().encode(JSON.stringify(record)),
    { contentType: 'application/json' },
  );
  await ports.forecasts.put(record);
}
