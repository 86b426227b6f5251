import * as z from 'zod';
import { compareText } from '../identifiers.ts';
import { type InstantUs, parseInstant } from '../period/instant.ts';
import type { CapacitySnapshot, HostCapacity } from '../ports/capacity-store.ts';
import { readEnvelope } from './envelope.ts';
import { type HostDraft, hypervisorsOf } from './hypervisor-hosts.ts';
import type { ReadingOptions } from './object-reading.ts';
import { providerOf } from './placement-hosts.ts';
import { excerpt, ObjectRefused } from './refusal.ts';
import { NO_FINDINGS, type RowSink } from './row-sink.ts';

const ENVELOPE = z
  .strictObject({
    region: z.string(),
    source: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a short name, as placement or nova'),
    resourceProvider: z.string().min(1).max(255).optional(),
    observedAt: z.string(),
    body: z.unknown(),
  })
  .refine(
    ({ source, resourceProvider }) => source !== 'placement' || resourceProvider !== undefined,
    {
      path: ['resourceProvider'],
      message: 'names the host that Placement told of',
    },
  );

interface Draft {
  observedAt: { readonly text: string; readonly instant: InstantUs };
  readonly hosts: Map<string, HostDraft>;
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
      const observedAt = {
        text: envelope.observedAt,
        instant: instantOf(envelope.observedAt, line),
      };
      const draft = drafts.get(envelope.source) ?? { observedAt, hosts: new Map() };
      drafts.set(envelope.source, draft);
      if (observedAt.instant > draft.observedAt.instant) draft.observedAt = observedAt;
      if (envelope.resourceProvider === undefined) {
        const { hosts, isPage } = hypervisorsOf(envelope.body, line);
        for (const host of hosts) addHost(draft, host, line);
        warning = isPage ? NEXT_PAGE : warning;
      } else {
        addHost(draft, providerOf(envelope.resourceProvider, envelope.body, line), line);
      }
      accepted += 1;
      return 1;
    },
    end() {
      const snapshots = [...drafts].map(([source, draft]) => snapshotOf(source, draft, options));
      return { ...NO_FINDINGS, accepted, snapshots, warning };
    },
  };
}

const NEXT_PAGE =
  'The list of hypervisors names a next page. If the other pages are not in this object, their hosts count as gone: ask Nova without limit.';

function instantOf(observedAt: string, line: number): InstantUs {
  const instant = parseInstant(observedAt);
  if (instant !== null) return instant;
  throw new ObjectRefused(
    'invalid_envelope',
    `The observedAt "${excerpt(observedAt)}" at line ${line} is no time as 2026-10-05T10:00:00Z.`,
  );
}

/** Inventories and usages of a host come one by one. */
function addHost(draft: Draft, host: HostDraft, line: number): void {
  const present = draft.hosts.get(host.host);
  if (!present) {
    draft.hosts.set(host.host, host);
    return;
  }
  const isTwice =
    (present.inventories !== null && host.inventories !== null) ||
    (present.usages !== null && host.usages !== null);
  if (isTwice) {
    throw new ObjectRefused(
      'host_twice',
      `The host "${excerpt(host.host)}" at line ${line} is in the snapshot already. Put one observation of each host into an object.`,
    );
  }
  draft.hosts.set(host.host, {
    host: host.host,
    inventories: present.inventories ?? host.inventories,
    usages: present.usages ?? host.usages,
  });
}

function snapshotOf(source: string, draft: Draft, { region }: ReadingOptions): CapacitySnapshot {
  const hosts = [...draft.hosts.values()].map(hostOf);
  return {
    region,
    source,
    observedAt: draft.observedAt.text,
    hosts: hosts.toSorted((a, b) => compareText(a.host, b.host)),
  };
}

function hostOf({ host, inventories, usages }: HostDraft): HostCapacity {
  if (inventories === null) {
    throw new ObjectRefused(
      'no_inventories',
      `The object has usages of "${excerpt(host)}" without its inventories. Put both into one object.`,
    );
  }
  return {
    host,
    inventories: Object.fromEntries(
      [...inventories].map(([name, inventory]) => [
        name,
        { ...inventory, used: usages?.get(name) ?? inventory.used },
      ]),
    ),
  };
}
