import { addMonths, dayOf, monthOf, periodOfMonth, startOfDay } from '../../lib/period/calendar.ts';
import { DAY_US, HOUR_US, type InstantUs, instantOfDate } from '../../lib/period/instant.ts';
import { type Random, seededRandom } from './random.ts';

export interface Flavor {
  readonly name: string;
  readonly vcpus: number;
  readonly ramMib: number;
  readonly diskGib: number;
}

/** What holds from an instant on, until the next of its kind. */
export interface Since<T> {
  readonly from: InstantUs;
  readonly value: T;
}

export interface Instance {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly host: string;
  readonly createdAt: InstantUs;
  readonly deletedAt: InstantUs | null;
  readonly projects: readonly Since<string>[];
  readonly flavors: readonly Since<Flavor>[];
  /** When its counters started from zero: its creation, and each reboot. */
  readonly restarts: readonly InstantUs[];
  readonly shelvedAtWeekends: boolean;
  /** Share of its cores that it keeps busy, 0 to 1. */
  readonly load: number;
  readonly egressBytesPerSecond: number;
  /** Seconds into the hour at which it is polled. */
  readonly pollOffsetUs: number;
}

export interface Holding {
  readonly kind: 'volume' | 'address' | 'object-store' | 'image';
  readonly id: string;
  readonly project: string;
  readonly userId: string;
  readonly createdAt: InstantUs;
  readonly deletedAt: InstantUs | null;
  /** GiB of a volume, bytes of an image or of an object store when created, 1 for an address. */
  readonly size: number;
  readonly growthPerDay: number;
  readonly pollOffsetUs: number;
}

export type Character = 'steady-growth' | 'weekly-with-launch' | 'nearly-full';

export interface SampleRegion {
  readonly region: string;
  readonly character: Character;
  readonly instances: readonly Instance[];
  readonly holdings: readonly Holding[];
  readonly hosts: readonly SampleHost[];
}

export interface SampleHost {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMib: number;
}

export interface SampleCloud {
  readonly seed: number;
  /** Start of last month, UTC. */
  readonly start: InstantUs;
  /** The last full hour before now. */
  readonly end: InstantUs;
  readonly regions: readonly SampleRegion[];
}

const SMALL: Flavor = { name: 'm1.small', vcpus: 1, ramMib: 2_048, diskGib: 20 };
const MEDIUM: Flavor = { name: 'm1.medium', vcpus: 2, ramMib: 4_096, diskGib: 40 };
const LARGE: Flavor = { name: 'm1.large', vcpus: 4, ramMib: 8_192, diskGib: 80 };
const COMPUTE: Flavor = { name: 'c1.xlarge', vcpus: 8, ramMib: 16_384, diskGib: 80 };
const MEMORY: Flavor = { name: 'r1.large', vcpus: 4, ramMib: 32_768, diskGib: 80 };
const FLAVORS = [SMALL, MEDIUM, MEDIUM, LARGE, LARGE, COMPUTE, MEMORY] as const;

/** Two projects for each of six teams; sample-config.ts says which team has which, and since when. */
export const PROJECTS = [
  'payments-prod',
  'payments-test',
  'search-prod',
  'search-index',
  'platform-ci',
  'platform-core',
  'data-lake',
  'data-science',
  'web-shop',
  'web-media',
  'research-hpc',
  'research-lab',
] as const;

interface Plan {
  readonly region: string;
  readonly character: Character;
  readonly standing: number;
  /** Arrivals between last month's start and now. */
  readonly arrivals: number;
  readonly departures: number;
  readonly weekday: number;
  readonly launch: number;
  readonly hosts: SampleHost[];
}

const PLANS: readonly Plan[] = [
  {
    region: 'north',
    character: 'steady-growth',
    standing: 34,
    arrivals: 16,
    departures: 5,
    weekday: 0,
    launch: 0,
    hosts: hosts('north', 8, 16, 81_920),
  },
  {
    region: 'east',
    character: 'weekly-with-launch',
    standing: 26,
    arrivals: 4,
    departures: 4,
    weekday: 9,
    launch: 12,
    hosts: hosts('east', 10, 16, 98_304),
  },
  {
    region: 'west',
    character: 'nearly-full',
    standing: 40,
    arrivals: 9,
    departures: 2,
    weekday: 0,
    launch: 0,
    hosts: hosts('west', 10, 16, 73_728),
  },
];

/** The sample cloud of a seed as it stood at `now`: last month and this month up to the last full hour. */
export function sampleCloud(options: { readonly seed: number; readonly now: Date }): SampleCloud {
  const now = instantOfDate(options.now);
  const end = Math.floor(now / HOUR_US) * HOUR_US;
  const start = periodOfMonth(addMonths(monthOf(now), -1)).start;
  const regions = PLANS.map((plan, index) =>
    buildRegion(plan, seededRandom(options.seed * 1_000 + index), { start, end }),
  );
  return { seed: options.seed, start, end, regions };
}

interface Span {
  readonly start: InstantUs;
  readonly end: InstantUs;
}

function buildRegion(plan: Plan, random: Random, span: Span): SampleRegion {
  const instances: Instance[] = [];
  const make = (options: InstanceOptions): void => {
    instances.push(buildInstance(plan, random, { ...options, number: instances.length }));
  };
  for (let count = 0; count < plan.standing + plan.weekday; count += 1) {
    make({
      createdAt: span.start - DAY_US * (3 + random.integer(400)),
      deletedAt:
        count < plan.departures ? between(random, span.start + DAY_US, span.end - DAY_US) : null,
      shelvedAtWeekends: count >= plan.standing,
      span,
    });
  }
  for (let count = 0; count < plan.arrivals; count += 1) {
    const createdAt = span.start + ((count + 0.5) * (span.end - span.start)) / plan.arrivals;
    make({ createdAt: Math.round(createdAt), deletedAt: null, shelvedAtWeekends: false, span });
  }
  const launchAt = startOfDay(dayOf(span.end - 10 * DAY_US)) + 9 * HOUR_US;
  for (let count = 0; count < plan.launch; count += 1) {
    make({
      createdAt: Math.max(launchAt, span.start) + count * 60_000_000,
      deletedAt: null,
      shelvedAtWeekends: false,
      span,
    });
  }
  return {
    region: plan.region,
    character: plan.character,
    instances,
    holdings: buildHoldings(random, span, instances),
    hosts: plan.hosts,
  };
}

interface InstanceOptions {
  readonly createdAt: InstantUs;
  readonly deletedAt: InstantUs | null;
  readonly shelvedAtWeekends: boolean;
  readonly span: Span;
}

function buildInstance(
  plan: Plan,
  random: Random,
  options: InstanceOptions & { readonly number: number },
): Instance {
  const { createdAt, deletedAt, number, span } = options;
  const flavor = random.pick(FLAVORS);
  const project = random.pick(PROJECTS);
  const restarts = [createdAt];
  const projects: Since<string>[] = [{ from: createdAt, value: project }];
  const flavors: Since<Flavor>[] = [{ from: createdAt, value: flavor }];
  if (deletedAt === null && createdAt < span.start) {
    if (number % 7 === 3) restarts.push(between(random, span.start, span.end));
    if (number % 11 === 5) {
      const from = between(random, span.start, span.end);
      flavors.push({ from, value: flavor === COMPUTE ? LARGE : COMPUTE });
      restarts.push(from);
    }
    if (number % 17 === 8) {
      projects.push({ from: between(random, span.start, span.end), value: random.pick(PROJECTS) });
    }
  }
  return {
    id: random.uuid(),
    name: `${project}-${number.toString().padStart(2, '0')}`,
    userId: random.keystoneId(),
    host: plan.hosts[number % plan.hosts.length]?.name ?? plan.region,
    createdAt,
    deletedAt,
    projects,
    flavors,
    restarts: restarts.toSorted((a, b) => a - b),
    shelvedAtWeekends: options.shelvedAtWeekends,
    load: 0.03 + 0.5 * random.next() ** 2,
    egressBytesPerSecond: Math.round(200 + 60_000 * random.next() ** 3),
    pollOffsetUs: number * 250_000 + random.integer(200_000),
  };
}

const GIB = 2 ** 30;

function buildHoldings(random: Random, span: Span, instances: readonly Instance[]): Holding[] {
  const holdings: Holding[] = [];
  const add = (kind: Holding['kind'], size: number, growthPerDay: number): void => {
    const owner = random.pick(instances);
    holdings.push({
      kind,
      id: random.uuid(),
      project: owner.projects[0]?.value ?? 'platform-core',
      userId: owner.userId,
      createdAt: span.start - DAY_US * (1 + random.integer(200)),
      deletedAt:
        kind === 'volume' && random.integer(6) === 0 ? between(random, span.start, span.end) : null,
      size,
      growthPerDay,
      pollOffsetUs: 40_000_000 + holdings.length * 100_000 + random.integer(90_000),
    });
  };
  for (let count = 0; count < 14; count += 1) add('volume', 20 * (1 + random.integer(12)), 0);
  for (let count = 0; count < 9; count += 1) add('address', 1, 0);
  for (let count = 0; count < 4; count += 1) {
    add(
      'object-store',
      Math.round(GIB * (20 + 400 * random.next())),
      Math.round(GIB * random.next()),
    );
  }
  for (let count = 0; count < 3; count += 1)
    add('image', Math.round(GIB * (1 + 8 * random.next())), 0);
  return holdings;
}

function between(random: Random, from: InstantUs, to: InstantUs): InstantUs {
  return from + random.integer(Math.max(1, Math.floor((to - from) / 1_000_000))) * 1_000_000;
}

function hosts(region: string, count: number, vcpus: number, memoryMib: number): SampleHost[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${region}-compute-${(index + 1).toString().padStart(2, '0')}`,
    vcpus,
    memoryMib,
  }));
}

/** What holds at an instant; the first entry before it. */
export function valueAt<T>(history: readonly Since<T>[], instant: InstantUs): T {
  const value = history.findLast((entry) => entry.from <= instant) ?? history[0];
  if (value === undefined) throw new RangeError('an empty history has no value');
  return value.value;
}
