import { addMonths, dayOf, monthOf, periodOfMonth, startOfDay } from '../../lib/period/calendar.ts';
import { DAY_US, HOUR_US, type InstantUs, instantOfDate } from '../../lib/period/instant.ts';
import { buildHoldings } from './build-holdings.ts';
import type {
  Character,
  Flavor,
  Instance,
  SampleCloud,
  SampleHost,
  SampleRegion,
  Since,
} from './cloud.ts';
import { type Random, seededRandom } from './random.ts';
import { between, type Span } from './span.ts';

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
  /** Instances that live for three days, one after another. */
  readonly passing: number;
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
    standing: 26,
    passing: 8,
    arrivals: 16,
    departures: 5,
    weekday: 0,
    launch: 0,
    hosts: hosts('north', 7, 16, 81_920),
  },
  {
    region: 'east',
    character: 'weekly-with-launch',
    standing: 19,
    passing: 7,
    arrivals: 4,
    departures: 4,
    weekday: 9,
    launch: 12,
    hosts: hosts('east', 9, 16, 98_304),
  },
  {
    region: 'west',
    character: 'nearly-full',
    standing: 34,
    passing: 6,
    arrivals: 9,
    departures: 2,
    weekday: 0,
    launch: 0,
    hosts: hosts('west', 9, 16, 73_728),
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
  for (let count = 0; count < plan.passing; count += 1) {
    const createdAt =
      span.start + Math.round(((count + 0.3) * (span.end - span.start)) / plan.passing);
    const deletedAt = Math.min(createdAt + 3 * DAY_US, span.end - HOUR_US);
    make({ createdAt, deletedAt, shelvedAtWeekends: false, span });
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

function hosts(region: string, count: number, vcpus: number, memoryMib: number): SampleHost[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${region}-compute-${(index + 1).toString().padStart(2, '0')}`,
    vcpus,
    memoryMib,
  }));
}
