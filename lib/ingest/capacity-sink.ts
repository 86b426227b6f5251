import * as z from 'zod';
import { compareText } from '../identifiers.ts';
import { dayOf, startOfDay } from '../period/calendar.ts';
import { HOUR_US, type InstantUs } from '../period/instant.ts';
import type {
  CapacitySnapshot,
  HostAggregate,
  HostCapacity,
  ListedFlavor,
  ListedReservation,
} from '../ports/capacity-store.ts';
import { instantOfEnvelope, readEnvelope } from './envelope.ts';
import { hypervisorsOf } from './hypervisor-hosts.ts';
import { leasesOf } from './leases.ts';
import { aggregatesOf, flavorsOf } from './nova-lists.ts';
import type { ReadingOptions } from './object-reading.ts';
import { type Amounts, sumAmounts } from './placement-answers.ts';
import { PlacementHosts } from './placement-hosts.ts';
import { hostTwice } from './placement-providers.ts';
import { ObjectRefused } from './refusal.ts';
import { type Findings, NO_FINDINGS, type RowSink } from './row-sink.ts';

const NAME = z.string().min(1).max(255).optional();

const ENVELOPE = z.strictObject({
  region: z.string(),
  source: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a short name, as placement or nova'),
  /** Whose inventories, usages or allocations they are: its name, or its uuid with the list of providers beside it. */
  resourceProvider: NAME,
  /** Whose usages they are. */
  project: NAME,
  /** Whose allocations they are. */
  consumer: NAME,
  observedAt: z.string(),
  body: z.unknown(),
});
type Envelope = z.infer<typeof ENVELOPE>;

interface Draft {
  observedAt: { readonly text: string; readonly instant: InstantUs };
  readonly placement: PlacementHosts;
  readonly hypervisors: Map<string, HostCapacity>;
  /** Names of providers and usages of projects alone are no snapshot. */
  tellsOfHosts: boolean;
  /** In words; null when all were read. */
  unreadLeases: string | null;
  /** Snapshots of their own: an object may have them without any host. */
  readonly lists: {
    aggregates?: HostAggregate[];
    flavors?: ListedFlavor[];
    reservations?: ListedReservation[];
  };
}

/**
 * One object is one complete snapshot per source: a host that is missing from it is gone, so a row that
 * cannot be read refuses the object.
 */
export function capacitySink(options: ReadingOptions): RowSink {
  const drafts = new Map<string, Draft>();
  let warning: string | null = null;
  let accepted = 0;
  return {
    take(text, line) {
      const envelope = readEnvelope(ENVELOPE, text, { line, region: options.region });
      const draft = draftOf(drafts, envelope, line);
      if (isOfPlacement(envelope)) {
        draft.placement.add(envelope, line);
        draft.tellsOfHosts ||= draft.placement.tellsOfHosts;
      } else if (takeLeases(draft, envelope)) {
        warning = draft.unreadLeases ?? warning;
      } else if (!takeList(draft, envelope.body, line)) {
        const { hosts, isPage } = hypervisorsOf(envelope.body, line);
        for (const host of hosts) addHypervisor(draft, host, line);
        draft.tellsOfHosts = true;
        warning = isPage ? NEXT_PAGE : warning;
      }
      accepted += 1;
      if (accepted > options.limits.waitingRowsMax) {
        throw new ObjectRefused(
          'too_many_answers',
          `The object holds more than ${options.limits.waitingRowsMax} answers, which wait in memory: they are one snapshot. Send those of one time and region in an object.`,
        );
      }
      return 1;
    },
    end() {
      const all = [...drafts];
      return {
        ...NO_FINDINGS,
        accepted,
        snapshots: all.flatMap(([source, draft]) => snapshotsOf(source, draft, options)),
        importedDays: all.flatMap(([, draft]) => demandOf(draft, options)),
        warning,
      };
    },
  };
}

const NEXT_PAGE =
  'The list of hypervisors names a next page. If the other pages are not in this object, their hosts count as gone: ask Nova without limit.';

function isOfPlacement({ source, resourceProvider, project, consumer }: Envelope): boolean {
  return (
    source === 'placement' ||
    resourceProvider !== undefined ||
    project !== undefined ||
    consumer !== undefined
  );
}

function draftOf(drafts: Map<string, Draft>, envelope: Envelope, line: number): Draft {
  const text = envelope.observedAt;
  const observedAt = { text, instant: instantOfEnvelope(text, line) };
  const draft = drafts.get(envelope.source) ?? {
    observedAt,
    placement: new PlacementHosts(),
    hypervisors: new Map(),
    tellsOfHosts: false,
    unreadLeases: null,
    lists: {},
  };
  drafts.set(envelope.source, draft);
  if (observedAt.instant > draft.observedAt.instant) draft.observedAt = observedAt;
  return draft;
}

function addHypervisor(draft: Draft, host: HostCapacity, line: number): void {
  if (draft.hypervisors.has(host.host)) throw hostTwice(host.host, line);
  draft.hypervisors.set(host.host, host);
}

/** @returns whether they were leases: what cannot be read of them is told, and the others stand */
function takeLeases(draft: Draft, { region, body }: Envelope): boolean {
  const leases = leasesOf(body, region);
  if (leases === null) return false;
  draft.lists.reservations = [...(draft.lists.reservations ?? []), ...leases.reservations];
  draft.unreadLeases = leases.warning ?? draft.unreadLeases;
  return true;
}

/** @returns whether it was a list of aggregates or of flavors; pages of one add up */
function takeList({ lists }: Draft, body: unknown, line: number): boolean {
  const aggregates = aggregatesOf(body, line);
  if (aggregates) lists.aggregates = [...(lists.aggregates ?? []), ...aggregates];
  const flavors = aggregates ? null : flavorsOf(body, line);
  if (flavors) lists.flavors = [...(lists.flavors ?? []), ...flavors];
  return aggregates !== null || flavors !== null;
}

/** Hosts, aggregates, flavors and leases are told and replaced apart from each other. */
function snapshotsOf(source: string, draft: Draft, { region }: ReadingOptions): CapacitySnapshot[] {
  const { lists, observedAt, tellsOfHosts } = draft;
  const head = { region, observedAt: observedAt.text };
  const hosts = [...draft.placement.hosts(), ...draft.hypervisors.values()];
  const { aggregates, flavors, reservations } = lists;
  return [
    ...(tellsOfHosts
      ? [{ ...head, source, hosts: hosts.toSorted((a, b) => compareText(a.host, b.host)) }]
      : []),
    ...(aggregates ? [{ ...head, source: `${source}-aggregates`, hosts: [], aggregates }] : []),
    ...(flavors ? [{ ...head, source: `${source}-flavors`, hosts: [], flavors }] : []),
    ...(reservations ? [{ ...head, source: `${source}-leases`, hosts: [], reservations }] : []),
  ];
}

const MIB_PER_GIB = 1_024;

/** What all projects hold is the demand of that hour: one object tells of every project. */
function demandOf(
  { placement, observedAt: { instant } }: Draft,
  { region }: ReadingOptions,
): Findings['importedDays'] {
  const date = dayOf(instant);
  const hour = Math.floor((instant - startOfDay(date)) / HOUR_US);
  const days = (held: Amounts, of: { readonly project?: string }) => {
    const gib = (held.get('MEMORY_MB') ?? 0) / MIB_PER_GIB;
    const values = { cores: held.get('VCPU') ?? 0, ram: gib };
    return (['cores', 'ram'] as const).map((metric) => ({
      region,
      date,
      metric,
      ...of,
      hours: Array.from({ length: 24 }, (_, index) => (index === hour ? values[metric] : null)),
    }));
  };
  const { projects } = placement;
  if (projects.size === 0) return [];
  const ofProjects = [...projects].flatMap(([project, held]) => days(held, { project }));
  return [...days(sumAmounts([...projects.values()]), {}), ...ofProjects];
}
