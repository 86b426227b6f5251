import type { DuckDBConnection } from '@duckdb/node-api';
import { add, type Decimal, decimal, toText, ZERO } from '../../decimal/decimal.ts';
import { startOfDay } from '../../period/calendar.ts';
import { HOUR_US } from '../../period/instant.ts';
import type { DayRequest } from '../../ports/metering-engine.ts';
import type { HourlyMeans, ProjectDay, RegionDay } from '../../ports/usage-totals.ts';

const PICO_PER_UNIT = 1_000_000_000_000n;
const HOURS_PER_DAY = 24;

/** The totals of the day's `usage`: sums of its rounded rows, exactly. Projects sorted by UTF-8. */
export async function readTotals(
  connection: DuckDBConnection,
  request: DayRequest,
): Promise<{ readonly projects: readonly ProjectDay[]; readonly regionDay: RegionDay }> {
  const quantities = await readQuantities(connection);
  const demand = await readDemand(connection, request);
  const { region, date, shard, generation } = request;
  const stamp = { region, date, shard, generation };
  const projects = [...quantities].map(([project, rows]) => ({
    ...stamp,
    project,
    quantities: rows,
    cores: textOf(demand.cores.get(project)),
    ramGib: textOf(demand.ram.get(project)),
  }));
  const regionDay = {
    ...stamp,
    cores: textOf(sumHours(demand.cores)),
    ramGib: textOf(sumHours(demand.ram)),
  };
  return { projects, regionDay };
}

type Quantities = ProjectDay['quantities'];

async function readQuantities(connection: DuckDBConnection): Promise<Map<string, Quantities>> {
  const result = await connection.runAndReadAll(`
    SELECT project, measure, class, sum(whole) AS whole, sum(pico) AS pico
    FROM usage GROUP BY ALL ORDER BY project, measure, class`);
  const projects = new Map<string, Quantities[number][]>();
  for (const [project, measure, className, whole, pico] of result.getRows()) {
    const rows = projects.get(String(project)) ?? [];
    projects.set(String(project), rows);
    const quantity = toText(quantityOf(whole, pico));
    rows.push({ measure: String(measure), class: String(className), quantity });
  }
  return projects;
}

type HoursByProject = Map<string, Decimal[]>;

async function readDemand(
  connection: DuckDBConnection,
  { date }: DayRequest,
): Promise<{ readonly cores: HoursByProject; readonly ram: HoursByProject }> {
  const result = await connection.runAndReadAll(`
    SELECT project, measure, hour - ${startOfDay(date) / HOUR_US} AS hour, sum(whole) AS whole, sum(pico) AS pico
    FROM usage WHERE measure IN ('cores', 'ram') GROUP BY ALL`);
  const demand = { cores: new Map<string, Decimal[]>(), ram: new Map<string, Decimal[]>() };
  for (const [project, measure, hour, whole, pico] of result.getRows()) {
    const byProject = measure === 'cores' ? demand.cores : demand.ram;
    const hours = byProject.get(String(project)) ?? noDemand();
    byProject.set(String(project), hours);
    hours[Number(hour)] = quantityOf(whole, pico);
  }
  return demand;
}

function noDemand(): Decimal[] {
  return Array.from({ length: HOURS_PER_DAY }, () => ZERO);
}

function sumHours(byProject: HoursByProject): Decimal[] {
  const sums = noDemand();
  for (const hours of byProject.values()) {
    for (const [hour, value] of hours.entries()) sums[hour] = add(sums[hour] ?? ZERO, value);
  }
  return sums;
}

function textOf(hours: readonly Decimal[] = noDemand()): HourlyMeans {
  return hours.map(toText);
}

/** DuckDB's reader gives HUGEINT as bigint. */
function quantityOf(whole: unknown, pico: unknown): Decimal {
  return decimal(BigInt(String(whole)) * PICO_PER_UNIT + BigInt(String(pico)), 12);
}
