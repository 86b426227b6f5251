import { ProblemError } from '../../lib/errors.ts';
import type { Region } from '../../lib/identifiers.ts';
import { storedSettings } from '../../lib/metering/stored-settings.ts';
import { labelIn, type UsageDimension } from '../../lib/ports/usage-sums.ts';
import { createUsageExport } from '../http/contracts/usage.ts';
import { requireRegion } from '../http/known-region.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';
import { type JobPorts, startJob } from './start-job.ts';

export function usageExportRoutes(
  ports: JobPorts & Pick<AdminPorts, 'regions' | 'configuration'>,
): Implementation[] {
  return [
    implement(createUsageExport, async ({ body, actor }) => {
      if (body.from >= body.to) {
        const message = `is exclusive and must be after from: ${body.from} to ${body.to} holds no day`;
        throw new ProblemError('invalid', `"to" ${message}.`, [{ pointer: '/to', message }]);
      }
      await requireRegion(ports.regions, body.region);
      await requireLabels(body);
      return startJob(ports, { kind: 'usage-export', request: body, actor });
    }),
  ];

  /** A label that no settings name is kept with no usage: every row would be without it. */
  async function requireLabels({ region, by }: { region: Region; by: readonly UsageDimension[] }) {
    const { metering } = await storedSettings(ports.configuration, region);
    const kept = new Set(metering.flatMap(({ labels = [] }) => labels));
    for (const [index, dimension] of by.entries()) {
      const label = labelIn(dimension);
      if (label === null || kept.has(label)) continue;
      const known = kept.size === 0 ? 'it keeps none' : `it keeps ${[...kept].join(', ')}`;
      const message = `is a label that region "${region}" does not keep: ${known}. Name it under "labels" in the settings of the region`;
      throw new ProblemError('invalid', `"${label}" ${message}.`, [
        { pointer: `/by/${index}`, message },
      ]);
    }
  }
}
