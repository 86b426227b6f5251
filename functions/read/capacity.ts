import { type CapacitySettings, capacityView } from '../../lib/capacity/capacity-view.ts';
import { fitView } from '../../lib/capacity/fit-view.ts';
import { ProblemError } from '../../lib/errors.ts';
import type { Region } from '../../lib/identifiers.ts';
import { RegionSettings } from '../../lib/metering/region-settings.ts';
import { getCapacity, getFit } from '../http/contracts/regions.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type ApiRequest, type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

type CapacityPorts = Pick<ReadPorts, 'regions' | 'capacity' | 'configuration'>;

export function capacityRoutes(ports: CapacityPorts): Implementation[] {
  return [
    implement(getCapacity, async ({ params: { region } }) => {
      const { snapshots, settings } = await inventoryOf(ports, region);
      return json(200, capacityView(region, snapshots, settings) ?? noHosts(region));
    }),
    implement(getFit, async ({ params: { region }, query }) => {
      const flavor = flavorOf(query);
      const inventory = await inventoryOf(ports, region);
      return json(200, fitView({ region, flavor, ...inventory }) ?? noHosts(region));
    }),
  ];
}

async function inventoryOf(ports: CapacityPorts, region: Region) {
  await requireRegion(ports.regions, region);
  const [snapshots, stored] = await Promise.all([
    ports.capacity.latest(region),
    ports.configuration.get('region-settings', region),
  ]);
  const settings: CapacitySettings =
    stored === null ? {} : (RegionSettings.parse(stored.body).capacity ?? {});
  return { snapshots, settings };
}

function flavorOf(query: ApiRequest<typeof getFit>['query']) {
  const { vcpus, memoryMib, diskGib = 0, flavor } = query;
  if (flavor !== undefined) {
    throw new ProblemError(
      'refused',
      'No catalogue of flavors is kept yet: give the sizes of the flavor, as ?vcpus=4&memoryMib=8192&diskGib=40.',
      [{ pointer: '/query/flavor', message: 'Give vcpus and memoryMib instead.' }],
    );
  }
  if (vcpus === undefined || memoryMib === undefined) {
    throw new ProblemError(
      'invalid',
      'What is to fit is not said: give ?vcpus= and ?memoryMib=, and ?diskGib= unless it boots from a volume.',
    );
  }
  return { vcpus, ramMib: memoryMib, diskGib };
}

function noHosts(region: Region): never {
  throw new ProblemError(
    'not_found',
    `No host of region "${region}" is known: ingest its Placement inventories or Nova hypervisors (headroom ingest --source placement, or --source nova).`,
  );
}
