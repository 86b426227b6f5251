import { priceLaunch } from '../../lib/billing/price-launch.ts';
import { type NamedFlavor, requireFlavor } from '../../lib/capacity/flavors.ts';
import { storedFlavors } from '../../lib/capacity/stored-flavors.ts';
import { ProblemError } from '../../lib/errors.ts';
import type { Region } from '../../lib/identifiers.ts';
import { parseBoundary } from '../../lib/period/boundary.ts';
import { HOUR_US, type InstantUs, instantOfDate } from '../../lib/period/instant.ts';
import type { ConfigKind } from '../../lib/ports/config-store.ts';
import { readCostPool } from '../../lib/rating/cost-pool.ts';
import { readExchangeRate } from '../../lib/rating/exchange-rates.ts';
import { readRateCard } from '../../lib/rating/rate-card.ts';
import { getPrice } from '../http/contracts/prices.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type ApiRequest, type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

type PricePorts = Pick<ReadPorts, 'regions' | 'capacity' | 'configuration' | 'now'>;
type Query = ApiRequest<typeof getPrice>['query'];

export function priceRoutes(ports: PricePorts): Implementation[] {
  return [
    implement(getPrice, async ({ query }) => {
      const region = await regionOf(ports, query);
      const sized = await sizesOf(ports, region, query);
      const { hours, count = 1, volumeGib = 0, floatingIps = 0, volumeType = '' } = query;
      if (hours < 1 || count < 1) throw nothingToPrice(hours < 1 ? 'hours' : 'count');
      const price = await priceLaunch(
        {
          ...{ region, hours, count, volumeGib, volumeType, floatingIps },
          ...{ vcpus: sized.vcpus, ramMib: sized.memoryMib, diskGib: sized.diskGib },
          flavor: query.flavor ?? query.class ?? '',
          from: fromOf(ports, query),
          team: query.team ?? '',
          project: query.project ?? '',
        },
        {
          cards: await documents(ports, 'rate-card', readRateCard),
          exchangeRates: await documents(ports, 'exchange-rate', readExchangeRate),
          pools: await documents(ports, 'cost-pool', readCostPool),
        },
      );
      return json(200, { region, flavor: sized, count, hours, ...price });
    }),
  ];
}

async function documents<T>(
  { configuration }: PricePorts,
  kind: ConfigKind,
  read: (document: unknown) => T,
): Promise<T[]> {
  return (await configuration.list(kind)).map(({ body }) => read(body));
}

async function regionOf({ regions }: PricePorts, { region }: Query): Promise<Region> {
  if (region !== undefined) {
    await requireRegion(regions, region);
    return region;
  }
  const known = (await regions.list()).map((one) => one.region);
  const [only] = known;
  if (only !== undefined && known.length === 1) return only;
  const told =
    known.length === 0 ? 'There is none yet.' : `These are: ${known.slice(0, 20).join(', ')}.`;
  throw new ProblemError('invalid', `Say which region it is to run in: ?region=. ${told}`, [
    { pointer: '/query/region', message: 'is missing' },
  ]);
}

interface Sized {
  readonly name: string | null;
  readonly origin: NamedFlavor['origin'] | null;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly diskGib: number;
}

/** Sizes that are given count before those of the flavor's name, which is then the class alone. */
async function sizesOf(ports: PricePorts, region: Region, query: Query): Promise<Sized> {
  const { flavor, vcpus, memoryMib, diskGib = 0 } = query;
  if (vcpus !== undefined && memoryMib !== undefined) {
    return { name: flavor ?? null, origin: null, vcpus, memoryMib, diskGib };
  }
  if (flavor === undefined || vcpus !== undefined || memoryMib !== undefined) {
    throw new ProblemError(
      'invalid',
      'What is to be launched is not said: give ?flavor=, or ?vcpus= and ?memoryMib=, and ?diskGib= unless it boots from a volume.',
    );
  }
  const found = requireFlavor(await storedFlavors(ports, region), flavor, region);
  const { name, origin, ramMib } = found;
  return {
    name,
    origin,
    vcpus: found.vcpus,
    memoryMib: ramMib,
    diskGib: query.diskGib ?? found.diskGib,
  };
}

function fromOf({ now }: PricePorts, { from }: Query): InstantUs {
  if (from === undefined) return Math.ceil(instantOfDate(now()) / HOUR_US) * HOUR_US;
  const instant = parseBoundary(from);
  if (instant !== null) return instant;
  throw new ProblemError(
    'invalid',
    `"${from.slice(0, 40)}" is neither a date nor a whole UTC hour.`,
    [
      {
        pointer: '/query/from',
        message: 'is neither a date (2026-10-01) nor a whole UTC hour (2026-10-01T07:00:00Z)',
      },
    ],
  );
}

function nothingToPrice(name: string): ProblemError {
  return new ProblemError('invalid', `There is nothing to price: ${name} must be at least 1.`, [
    { pointer: `/query/${name}`, message: 'must be at least 1' },
  ]);
}
