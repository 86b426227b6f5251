import type { InstantUs } from '../../period/instant.ts';
import { type PartOfDay, partsByDay, type Reading } from '../derived-sample.ts';
import { readInstant } from '../reading-rules.ts';
import { RowRefused } from '../refusal.ts';
import type { JsonObject } from './json-object.ts';

/** What a notification of Nova tells of an instance, legacy or versioned. */
export interface NovaEvent {
  /** Without its prefix: `create.end`, `exists`. */
  readonly action: string;
  /** When the notification was sent; null when it does not say. */
  readonly sentAt: InstantUs | null;
  readonly instance: NovaInstance;
  /** What `exists` is told over; null when the notification names none. */
  readonly auditPeriod: { readonly start: InstantUs; readonly end: InstantUs } | null;
}

export interface NovaInstance {
  readonly id: string;
  readonly project: string;
  readonly user: string;
  readonly state: string;
  /** Null until it runs for the first time. Nova sets it anew on resize, rebuild and unshelve. */
  readonly launchedAt: InstantUs | null;
  /** When it was gone; null while it is there. */
  readonly endedAt: InstantUs | null;
  readonly sizes: InstanceSizes;
  /** As Ceilometer's metadata of an instance, without its state. */
  readonly metadata: JsonObject;
}

/** As the flavor of the instance has them; a number, or its text. */
export interface InstanceSizes {
  readonly vcpus: unknown;
  readonly memoryMib: unknown;
  readonly rootGib: unknown;
  readonly ephemeralGib: unknown;
}

/**
 * Null where nothing can be metered from the event: it has no end yet (`.start`), it failed
 * (`.error`), or its instance never ran.
 * @throws RowRefused
 */
export function readingsOfEvent(event: NovaEvent): readonly Reading[] | null {
  const { action, instance } = event;
  if (!isSnapshot(action) && action !== 'exists') return null;
  if (instance.launchedAt === null && instance.endedAt === null) return null;
  return action === 'exists' ? readingsOfPeriod(event) : readingsAtOnce(event);
}

/** What has ended tells how the instance is from then on; so does an update. */
function isSnapshot(action: string): boolean {
  return action.endsWith('.end') || action === 'update';
}

function readingsAtOnce(event: NovaEvent): Reading[] {
  const { instance, action } = event;
  const isDeleted =
    action === 'delete.end' ||
    instance.endedAt !== null ||
    instance.state.toLowerCase() === 'deleted';
  const time = (isDeleted ? instance.endedAt : startOf(event)) ?? event.sentAt;
  if (time === null) {
    throw new RowRefused(
      'event_time_missing',
      `The event ${action} does not say when it was: it has neither a timestamp nor updated_at. Send notifications with their envelope.`,
    );
  }
  return readingsOf(instance, { time, heldUntil: null, state: instance.state, isDeleted });
}

function startOf({ action, instance }: NovaEvent): InstantUs | null {
  return action === 'create.end' ? instance.launchedAt : null;
}

/**
 * One per UTC day of the audit period in which the instance was there, and its end. The state is that
 * of the end of the period; of an instance that is gone nobody knows the one before.
 */
function readingsOfPeriod({ instance, auditPeriod }: NovaEvent): Reading[] {
  if (auditPeriod === null) {
    throw new RowRefused(
      'audit_period_missing',
      'The exists event has no audit period: audit_period_beginning and audit_period_ending say what it is told over.',
    );
  }
  const { launchedAt, endedAt } = instance;
  const start = Math.max(auditPeriod.start, launchedAt ?? auditPeriod.end);
  const end = Math.min(auditPeriod.end, endedAt ?? auditPeriod.end);
  const state = endedAt === null ? instance.state : '';
  const readings = partsByDay(start, end).flatMap((part) =>
    readingsOf(instance, { ...part, state, isDeleted: false }),
  );
  if (endedAt === null) return readings;
  const gone = { time: endedAt, heldUntil: null, state: instance.state, isDeleted: true };
  return [...readings, ...readingsOf(instance, gone)];
}

interface Told extends Omit<PartOfDay, 'heldUntil'> {
  readonly heldUntil: InstantUs | null;
  readonly state: string;
  readonly isDeleted: boolean;
}

/** `instance` first: it stands for the event in the counts. */
function readingsOf(instance: NovaInstance, told: Told): Reading[] {
  const { time, heldUntil, state, isDeleted } = told;
  const metadata = state === '' ? instance.metadata : { ...instance.metadata, state };
  const of = (meter: string, unit: string, size: unknown): Reading[] => {
    const volume = sizeText(size);
    if (volume === '') return [];
    return [
      {
        project: instance.project,
        user: instance.user,
        resource: instance.id,
        meter,
        unit,
        volume,
        time,
        heldUntil,
        metadata,
        deleted: isDeleted,
      },
    ];
  };
  const { sizes } = instance;
  return [
    ...of('instance', 'instance', 1),
    ...of('vcpus', 'vcpu', sizes.vcpus),
    ...of('memory', 'MiB', sizes.memoryMib),
    ...of('disk.root.size', 'GiB', sizes.rootGib),
    ...of('disk.ephemeral.size', 'GiB', sizes.ephemeralGib),
  ];
}

/** Messages that went through other hands have numbers as text. */
function sizeText(size: unknown): string {
  if (typeof size === 'number') return String(size);
  return typeof size === 'string' && size !== 'None' ? size.trim() : '';
}

/** Null for none: null, and the '' or 'None' that stand for it. @throws RowRefused */
export function optionalInstant(value: unknown, name: string): InstantUs | null {
  if (typeof value !== 'string' || value === '' || value === 'None') return null;
  return readInstant(value, name);
}

/** What is deleted softly has a deletion date, and is there until it is reclaimed. */
const SOFTLY_DELETED = 'soft-delete';

/** When the instance was gone, from the members that both kinds of notification have; null while it is there. */
export function endOf(instance: JsonObject): InstantUs | null {
  const terminatedAt = optionalInstant(instance['terminated_at'], 'terminated_at');
  if (terminatedAt !== null || instance['state'] === SOFTLY_DELETED) return terminatedAt;
  return optionalInstant(instance['deleted_at'], 'deleted_at');
}

/** Empty for none. */
export function optionalText(value: unknown): string {
  return typeof value === 'string' && value !== 'None' ? value : '';
}

/** Without members that say nothing. */
export function withoutEmpty(metadata: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(metadata).filter(
      ([, value]) => value !== undefined && value !== null && value !== '' && value !== 'None',
    ),
  );
}
