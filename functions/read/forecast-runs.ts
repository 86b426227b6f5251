import { getForecastRun } from '../http/contracts/forecasts.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';
import { runReply } from './runs.ts';

export function forecastRunRoutes(ports: Pick<ReadPorts, 'forecastRuns'>): Implementation[] {
  return [
    implement(getForecastRun, async ({ params }) =>
      runReply(ports.forecastRuns, params.name, 'forecast-'),
    ),
  ];
}
