import type { DuckDBConnection } from '@duckdb/node-api';
import { BUILT_IN_METERS, type MeterTable } from '../../metering/meter-table.ts';
import type { Meter } from '../../metering/meters.ts';
import { greatestCommonDivisor, quantityScale } from '../../metering/quantity-scale.ts';
import { addDays, startOfDay } from '../../period/calendar.ts';
import { HOUR_US } from '../../period/instant.ts';
import type { DayRequest } from '../../ports/metering-engine.ts';
import { meterNames } from './configured-meters.ts';
import { literal } from './database.ts';

/**
 * What the day's SQL works with, as tables and macros: the meter table, the hold rules, and the bounds
 * of the day. Instants are microseconds (BIGINT).
 */
export async function createDayTables(
  connection: DuckDBConnection,
  request: DayRequest,
): Promise<void> {
  await connection.run(meterTables(metersOf(request), request.holdRules));
  await connection.run(holdRuleTable(request));
  await connection.run(dayMacros(request));
}

function holdRuleTable({ holdRules }: DayRequest): string {
  const rules = holdRules.map(
    (rule) =>
      `(${literal(rule.meter)}, ${rule.from}, ${rule.to}, ${rule.intervalUs}, ${rule.gapToleranceUs}, [${rule.statesNotBilled.map(literal).join(', ')}]::VARCHAR[])`,
  );
  return `
    CREATE TEMP TABLE hold_rule (meter VARCHAR, rule_from BIGINT, rule_to BIGINT, interval_us BIGINT, tolerance_us BIGINT, states_not_billed VARCHAR[]);
    INSERT INTO hold_rule VALUES ${rules.join(', ')}`;
}

const PICO_PER_UNIT = 10n ** 12n;
const INT64_LIMIT = 9n * 10n ** 18n;

/** The table that the day is metered by. */
export function metersOf(request: Pick<DayRequest, 'meters'>): MeterTable {
  return request.meters ?? BUILT_IN_METERS;
}

function meterTables(table: MeterTable, rules: DayRequest['holdRules']): string {
  const { denominators, factors } = quantityScale(table.all);
  const sized = new Set(
    table.all.map(({ standIn }) => (standIn?.volume === 'presence' ? null : standIn?.source)),
  );
  const meters = table.all.map(
    (meter) =>
      `(${[
        literal(meter.name),
        literal(meter.type),
        literal(meter.measure),
        `${factors.get(meter.name)}::HUGEINT`,
        meter.volumeIs === 'status',
        meter.heldWhileShelved,
        sized.has(meter.name),
        slotUs(meter, table, rules),
      ].join(', ')})`,
  );
  const standIns = table.all.flatMap((meter) =>
    meter.standIn === null
      ? []
      : [
          `(${literal(meter.name)}, ${literal(meter.standIn.source)}, ${literal(meter.standIn.volume)})`,
        ],
  );
  const measures = [...denominators].map(
    ([measure, denominator]) =>
      `(${literal(measure)}, ${denominator}::HUGEINT, ${picoRatio(denominator)})`,
  );
  return `
    CREATE TEMP TABLE meter (meter VARCHAR, type VARCHAR, measure VARCHAR, factor HUGEINT, is_status BOOLEAN, held_while_shelved BOOLEAN, is_sized BOOLEAN, slot_us BIGINT);
    INSERT INTO meter VALUES ${meters.join(', ')};
    ${meterNames(table)}
    CREATE TEMP TABLE stand_in (target VARCHAR, source VARCHAR, volume_from VARCHAR);
    INSERT INTO stand_in VALUES ${standIns.join(', ')};
    CREATE TEMP TABLE measure (measure VARCHAR, denominator HUGEINT, pico_factor BIGINT, pico_divisor BIGINT);
    INSERT INTO measure VALUES ${measures.join(', ')};
  `;
}

/**
 * The hour in equal parts that no gap between two samples of the meter is too long for, nor of a meter that
 * it stands in for.
 */
function slotUs(meter: Meter, { all }: MeterTable, rules: DayRequest['holdRules']): number {
  const targets = all.filter(({ standIn }) => standIn?.source === meter.name);
  const names = new Set([meter, ...targets].map(({ name }) => name));
  const tolerances = rules.filter((rule) => names.has(rule.meter));
  const shortest = Math.min(HOUR_US, ...tolerances.map((rule) => rule.gapToleranceUs));
  return Math.ceil(HOUR_US / Math.ceil(HOUR_US / shortest));
}

/**
 * 10^12 / denominator as a reduced fraction, where any remainder times its numerator fits in 64 bits;
 * else nulls.
 */
function picoRatio(denominator: bigint): string {
  const divisor = greatestCommonDivisor(PICO_PER_UNIT, denominator);
  const factor = PICO_PER_UNIT / divisor;
  return denominator * factor < INT64_LIMIT
    ? `${factor}, ${denominator / divisor}`
    : 'NULL::BIGINT, NULL::BIGINT';
}

function dayMacros({ date }: DayRequest): string {
  return `
    CREATE TEMP MACRO day_start() AS ${startOfDay(date)}::BIGINT;
    CREATE TEMP MACRO day_end() AS ${startOfDay(addDays(date, 1))}::BIGINT;
    CREATE TEMP MACRO slot_of(time_us, slot_us) AS (time_us % 3600000000) // slot_us;
    CREATE TEMP MACRO hour_of(time_us) AS time_us // 3600000000;
    CREATE TEMP MACRO day_of(time_us) AS (time_us // 86400000000 - ${startOfDay(date)} // 86400000000)::TINYINT;
    CREATE TEMP MACRO whole_of(volume) AS trunc(volume)::HUGEINT;
    CREATE TEMP MACRO fraction_of(volume, whole) AS CASE WHEN volume = whole::DECIMAL(38,18) THEN 0
      ELSE ((volume - whole::DECIMAL(38,18)) * 1000000000000000000)::BIGINT END;
  `;
}
