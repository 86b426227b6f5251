import { ProblemError } from '../../lib/errors.ts';
import type { Region } from '../../lib/identifiers.ts';
import type { Regions } from '../../lib/ports/regions.ts';

/** @throws ProblemError `not_found`, with the regions that there are */
export async function requireRegion(regions: Regions, region: Region): Promise<void> {
  if (await regions.exists(region)) return;
  const known = (await regions.list()).map((one) => one.region);
  const names = known.slice(0, 20).join(', ') + (known.length > 20 ? ', ...' : '');
  throw new ProblemError(
    'not_found',
    known.length === 0
      ? `There is no region "${region}": no data has arrived yet. A region comes into being with its first samples.`
      : `There is no region "${region}": nothing has arrived for it. Regions with data: ${names}.`,
  );
}
