import { factOf } from '../../lib/audit/audit-entry.ts';
import { startForecasts } from '../http/contracts/forecasts.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';
import { startNumbered } from './start-numbered.ts';

export function forecastRoutes(
  ports: Pick<AdminPorts, 'forecasting' | 'audit' | 'now'>,
): Implementation[] {
  return [
    implement(startForecasts, async ({ actor, requestId }) => {
      const at = ports.now().toISOString();
      const second = at.slice(0, 19).replaceAll(/[-:]/g, '');
      const location = (name: string): string => `/v1/forecasts/runs/${name}`;
      const name = await startNumbered(ports.forecasting, {
        prefix: `forecast-${second}-`,
        from: 1,
        input: { actor, requestId },
        what: 'Forecasts are being made',
        location,
      });
      await ports.audit.append(
        factOf({
          at,
          actor,
          action: 'forecast.start',
          subject: name,
        }),
      );
      return json(202, { name, location: location(name) }, { location: location(name) });
    }),
  ];
}
