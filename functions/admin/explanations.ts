import { ProblemError } from '../../lib/errors.ts';
import { storedMeters } from '../../lib/metering/stored-meters.ts';
import { explainUsage } from '../http/contracts/explanations.ts';
import { requireRegion } from '../http/known-region.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';
import { type JobPorts, startJob } from './start-job.ts';

export function explanationRoutes(
  ports: JobPorts & Pick<AdminPorts, 'regions' | 'configuration'>,
): Implementation[] {
  return [
    implement(explainUsage, async ({ body, actor }) => {
      const { units } = await storedMeters(ports.configuration);
      if (!units.has(body.measure)) {
        const message = `"${body.measure}" is not a measure; these are: ${[...units.keys()].join(', ')}`;
        throw new ProblemError('invalid', `${message}.`, [{ pointer: '/measure', message }]);
      }
      await requireRegion(ports.regions, body.region);
      return startJob(ports, { kind: 'usage-explanation', request: body, actor });
    }),
  ];
}
