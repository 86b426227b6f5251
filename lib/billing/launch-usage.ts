import { type Month, monthOf, periodOfMonth } from '../period/calendar.ts';
import { HOUR_US, type InstantUs } from '../period/instant.ts';
import type { UsageSpan } from '../rating/usage-row.ts';

/** Instances that are to be launched, and what goes with each of them. */
export interface Launch {
  readonly region: string;
  /** The class of their usage; empty: rules that name a class do not apply. */
  readonly flavor: string;
  /** Of one, as the rest. */
  readonly vcpus: number;
  readonly ramMib: number;
  readonly diskGib: number;
  readonly volumeGib: number;
  readonly volumeType: string;
  readonly floatingIps: number;
  readonly count: number;
  /** First hour, and for how many each runs. */
  readonly from: InstantUs;
  readonly hours: number;
  /** Whom and what it is for, where rules have prices of their own; else empty. */
  readonly team: string;
  readonly project: string;
}

/** A month's part of a run: whole hours since 1970. */
export interface LaunchMonth {
  readonly period: Month;
  readonly firstHour: number;
  readonly hours: number;
}

export function monthsOfLaunch({ from, hours }: Pick<Launch, 'from' | 'hours'>): LaunchMonth[] {
  const months: LaunchMonth[] = [];
  const end = from + hours * HOUR_US;
  for (let at = from; at < end; ) {
    const period = monthOf(at);
    const until = Math.min(periodOfMonth(period).end, end);
    months.push({ period, firstHour: at / HOUR_US, hours: (until - at) / HOUR_US });
    at = until;
  }
  return months;
}

/** Decimals of quantities: a MiB is 1/1024 GiB, which has ten. */
const SCALE = 10;
const PER_UNIT = 10n ** BigInt(SCALE);
const PER_MIB = PER_UNIT / 1_024n;

interface Held {
  readonly measure: string;
  readonly class: string;
  /** Of one instance in an hour, at `SCALE`. */
  readonly quantity: bigint;
}

/** What one instance holds; the measures are those of metering. */
function heldByOne(launch: Launch): Held[] {
  const { flavor, vcpus, ramMib, diskGib, volumeGib, volumeType, floatingIps } = launch;
  const units = (value: number) => BigInt(value) * PER_UNIT;
  return [
    { measure: 'cores', class: flavor, quantity: units(vcpus) },
    { measure: 'ram', class: flavor, quantity: BigInt(ramMib) * PER_MIB },
    { measure: 'instances', class: flavor, quantity: units(1) },
    { measure: 'disk', class: flavor, quantity: units(diskGib) },
    { measure: 'volume', class: volumeType, quantity: units(volumeGib) },
    { measure: 'floating_ip', class: '', quantity: units(floatingIps) },
  ].filter(({ quantity }) => quantity > 0n);
}

/**
 * The usage of a month's part.
 *
 * @param byResource measures whose price asks which resource used them: there each instance is one
 */
export function* usageOfLaunch(
  launch: Launch,
  { firstHour, hours }: LaunchMonth,
  byResource: ReadonlySet<string>,
): Iterable<UsageSpan> {
  const numbers = Array.from({ length: hours }, (_, index) => firstHour + index);
  for (const { measure, class: ofClass, quantity } of heldByOne(launch)) {
    const isNamed = byResource.has(measure);
    const each = isNamed ? quantity : quantity * BigInt(launch.count);
    const { region, project } = launch;
    const key = { region, project, measure, class: ofClass };
    const quantities = numbers.map(() => each);
    for (let one = 1; one <= (isNamed ? launch.count : 1); one += 1) {
      const resource = isNamed ? { resource: `launch-${one}` } : {};
      yield { ...key, ...resource, hours: numbers, quantities, scale: SCALE };
    }
  }
}
