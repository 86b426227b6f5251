import { assert } from '../assert.ts';
import { type DemandDay, demandDays, type Metric } from '../capacity/demand.ts';
import { type RefusedDay, refusedDays } from '../capacity/refused.ts';
import { storedFlavors } from '../capacity/stored-flavors.ts';
import { type CapacityPlan, capacityPlan, meanHostSize, usableSteps } from '../capacity/usable.ts';
import type { Region } from '../identifiers.ts';
import { storedSettings } from '../metering/stored-settings.ts';
import { addDays, type Day, dayOf } from '../period/calendar.ts';
import { instantOfDate } from '../period/instant.ts';
import type { CapacityStore, ImportedDemand } from '../ports/capacity-store.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { UsageTotals } from '../ports/usage-totals.ts';
import { calendarSchema } from './calendar-document.ts';
import type { CapacityOutlook } from './capacity-outlook.ts';
import { type LabelledShift, labelledShiftSchema } from './labelled-shift.ts';
import { plannedEvents } from './planned-events.ts';
import type { RegionForecastInputs } from './region-inputs.ts';

export interface InputPorts {
  readonly totals: Pick<UsageTotals, 'listRegionDays'>;
  readonly imported: Pick<ImportedDemand, 'list'>;
  readonly capacity: Pick<CapacityStore, 'latest'>;
  readonly configuration: Pick<ConfigStore, 'get' | 'list'>;
  readonly now: () => Date;
}

/** A year ahead is kept; readers cut it to what they are asked. */
const HORIZON_DAYS = 365;
/** No model looks further back. */
const HISTORY_DAYS = 1_500;

type Demand = Readonly<Record<Metric, readonly DemandDay[]>>;

/** What is known of a region now, as its forecast takes it. */
export async function regionInputs(
  ports: InputPorts,
  region: Region,
): Promise<RegionForecastInputs> {
  return (await knownRegion(ports, region)).inputs;
}

/** The inputs, with what usable capacity follows from: a scenario changes it before it is counted. */
export interface KnownRegion {
  readonly inputs: RegionForecastInputs;
  /** Null where no host is known. */
  readonly plan: CapacityPlan | null;
}

export async function knownRegion(ports: InputPorts, region: Region): Promise<KnownRegion> {
  const [demand, settings, snapshots, flavors, shifts, refused] = await Promise.all([
    knownDemand(ports, region),
    storedSettings(ports.configuration, region),
    ports.capacity.latest(region),
    storedFlavors(ports, region),
    storedShifts(ports.configuration, region),
    knownRefusals(ports, region),
  ]);
  const events = await plannedEvents(ports.configuration, region, snapshots);
  const plan = capacityPlan(snapshots, settings.capacity ?? {}, flavors);
  const capacity = {
    cores: plan && outlookOf(plan, 'cores'),
    ram: plan && outlookOf(plan, 'ram'),
  };
  const planning = settings.planning ?? {};
  const holidays = await calendarDays(ports.configuration, planning.calendars ?? []);
  const horizonDays = HORIZON_DAYS;
  return {
    inputs: {
      ...{ region, demand, capacity, events, shifts, refused, holidays },
      settings: planning,
      horizonDays,
    },
    plan,
  };
}

export async function knownDemand(
  ports: Pick<InputPorts, 'totals' | 'imported' | 'now'>,
  region: Region,
): Promise<Demand> {
  const today = todayOf(ports);
  const from = addDays(today, -HISTORY_DAYS);
  const [metered, cores, ram] = await Promise.all([
    ports.totals.listRegionDays(region, from, today),
    ports.imported.list(region, 'cores', from, today),
    ports.imported.list(region, 'ram', from, today),
  ]);
  return {
    cores: demandDays({ metric: 'cores', metered, imported: cores, today }),
    ram: demandDays({ metric: 'ram', metered, imported: ram, today }),
  };
}

function knownRefusals(ports: InputPorts, region: Region): Promise<readonly RefusedDay[]> {
  const today = todayOf(ports);
  return refusedDays(ports.imported, region, { from: addDays(today, -HISTORY_DAYS), to: today });
}

/** Null where no host tells of the resource. */
export function outlookOf(plan: CapacityPlan, metric: Metric): CapacityOutlook | null {
  const hostSize = meanHostSize(plan, metric);
  return hostSize > 0 ? { usable: usableSteps(plan, metric), hostSize } : null;
}

async function storedShifts(
  configuration: Pick<ConfigStore, 'list'>,
  region: Region,
): Promise<readonly LabelledShift[]> {
  const documents = await configuration.list('shift');
  return documents
    .filter(({ id }) => id.startsWith(`${region}/`))
    .map(({ id, body }) => {
      const parsed = labelledShiftSchema.safeParse(body);
      assert(parsed.success, `the stored shift "${id}" does not fit its schema`);
      return parsed.data;
    });
}

/** A calendar that is not there has no days: the settings may name it before it is written. */
async function calendarDays(
  configuration: Pick<ConfigStore, 'get'>,
  ids: readonly string[],
): Promise<readonly Day[]> {
  const documents = await Promise.all(ids.map((id) => configuration.get('calendar', id)));
  return documents.flatMap((document) =>
    document === null ? [] : calendarSchema.parse(document.body).days.map(({ date }) => date),
  );
}

export function todayOf({ now }: Pick<InputPorts, 'now'>): Day {
  return dayOf(instantOfDate(now()));
}
