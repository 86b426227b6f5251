import { completenessOfDays } from '../../lib/completeness/completeness-of.ts';
import { ProblemError } from '../../lib/errors.ts';
import { addDays } from '../../lib/period/calendar.ts';
import { getCompleteness } from '../http/contracts/completeness.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

const DAYS_MAX = 400;

export function completenessRoutes(
  ports: Pick<ReadPorts, 'regions' | 'totals' | 'now'>,
): Implementation[] {
  return [
    implement(getCompleteness, async ({ params, query }) => {
      const { from, to } = query;
      if (to <= from || to > addDays(from, DAYS_MAX)) {
        throw new ProblemError(
          'invalid',
          `to is exclusive: it must lie 1 to ${DAYS_MAX} days after from.`,
        );
      }
      await requireRegion(ports.regions, params.region);
      return json(200, { items: await completenessOfDays(ports, params.region, { from, to }) });
    }),
  ];
}
