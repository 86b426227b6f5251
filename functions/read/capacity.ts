import { capacityView } from '../../lib/capacity/capacity-view.ts';
import { fitView, toldFlavor } from '../../lib/capacity/fit-view.ts';
import { type Flavor, requireFlavor } from '../../lib/capacity/flavors.ts';
import { refusedLately } from '../../lib/capacity/refused.ts';
import { storedFlavors } from '../../lib/capacity/stored-flavors.ts';
import { ProblemError } from '../../lib/errors.ts';
import { compareText, type Region } from '../../lib/identifiers.ts';
import { storedSettings } from '../../lib/metering/stored-settings.ts';
import { dayOf } from '../../lib/period/calendar.ts';
import { instantOfDate } from '../../lib/period/instant.ts';
import { getCapacity, getFit, listFlavors, listReservations } from '../http/contracts/regions.ts';
import { pageOf } from '../http/cursor.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type ApiRequest, type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

type CapacityPorts = Pick<
  ReadPorts,
  'regions' | 'capacity' | 'configuration' | 'surveys' | 'imported' | 'now'
>;

export function capacityRoutes(ports: CapacityPorts): Implementation[] {
  return [
    implement(getCapacity, async ({ params: { region }, query: { day } }) => {
      const { snapshots, settings } = await inventoryOf(ports, region);
      const flavors = await storedFlavors(ports, region);
      const view = capacityView(region, snapshots, settings, { day, flavors });
      const refused = await refusedLately(
        ports.imported,
        region,
        dayOf(instantOfDate(ports.now())),
      );
      return json(200, { ...(view ?? noHosts(region)), ...(refused && { refused }) });
    }),
    implement(getFit, async ({ params: { region }, query }) => {
      const inventory = await inventoryOf(ports, region);
      const flavor = await flavorOf(ports, region, query);
      return json(
        200,
        fitView({ region, flavor, day: query.day, ...inventory }) ?? noHosts(region),
      );
    }),
    implement(listFlavors, async ({ params: { region }, query }) => {
      await requireRegion(ports.regions, region);
      const flavors = await storedFlavors(ports, region);
      const page = pageOf(flavors, ({ name }) => name, {
        list: `flavors ${region}`,
        limit: query.limit,
        cursor: query.cursor,
      });
      return json(200, { ...page, items: page.items.map(toldFlavor) });
    }),
    implement(listReservations, async ({ params: { region }, query }) => {
      await requireRegion(ports.regions, region);
      const snapshots = await ports.capacity.latest(region);
      const listings = snapshots.filter(({ reservations }) => reservations !== undefined);
      const all = listings.flatMap(({ source, observedAt, reservations = [] }) =>
        reservations.map((one) => ({ ...one, source, observedAt })),
      );
      const listedAt =
        listings
          .map(({ observedAt }) => observedAt)
          .sort()
          .at(-1) ?? null;
      const page = pageOf(
        all.toSorted((a, b) => compareText(a.id, b.id)),
        ({ id }) => id,
        { list: `reservations ${region}`, limit: query.limit, cursor: query.cursor },
      );
      return json(200, { ...page, listedAt });
    }),
  ];
}

async function inventoryOf(ports: CapacityPorts, region: Region) {
  await requireRegion(ports.regions, region);
  const [snapshots, { capacity: settings = {} }] = await Promise.all([
    ports.capacity.latest(region),
    storedSettings(ports.configuration, region),
  ]);
  return { snapshots, settings };
}

async function flavorOf(
  ports: CapacityPorts,
  region: Region,
  { flavor, vcpus, memoryMib, diskGib }: ApiRequest<typeof getFit>['query'],
): Promise<Flavor> {
  const isSized = vcpus !== undefined || memoryMib !== undefined || diskGib !== undefined;
  if (flavor !== undefined && isSized) {
    throw new ProblemError('invalid', 'Give either a flavor by its name or sizes, not both.', [
      { pointer: '/query/flavor', message: 'is given beside sizes: keep one' },
    ]);
  }
  if (flavor !== undefined)
    return requireFlavor(await storedFlavors(ports, region), flavor, region);
  if (vcpus === undefined || memoryMib === undefined) {
    throw new ProblemError(
      'invalid',
      'What is to fit is not said: give ?flavor=, or ?vcpus= and ?memoryMib=, and ?diskGib= unless it boots from a volume.',
    );
  }
  return { vcpus, ramMib: memoryMib, diskGib: diskGib ?? 0 };
}

function noHosts(region: Region): never {
  throw new ProblemError(
    'not_found',
    `No host of region "${region}" is known: ingest its Placement inventories or Nova hypervisors (headroom ingest --source placement, or --source nova).`,
  );
}
