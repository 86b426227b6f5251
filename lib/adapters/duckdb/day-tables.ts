import type { DuckDBConnection } from '@duckdb/node-api';
import { BUILT_IN_METERS, isConfigured, type MeterTable } from '../../metering/meter-table.ts';
import { greatestCommonDivisor, quantityScale } from '../../metering/quantity-scale.ts';
import { addDays, startOfDay } from '../../period/calendar.ts';
import type { DayRequest } from '../../ports/metering-engine.ts';
import { configuredSql, meterNames } from './configured-meters.ts';
import { literal } from './database.ts';

/**
 * What the day's SQL works with, as tables and macros: the meter table, the hold rules, the bounds
 * of the day, and the sample rows of this shard (`lake_row`). Instants are microseconds (BIGINT).
 */
export async function createDayTables(
  connection: DuckDBConnection,
  request: DayRequest,
): Promise<void> {
  await connection.run(meterTables(metersOf(request)));
  await connection.run(`
    CREATE TEMP TABLE hold_rule (meter VARCHAR, rule_from BIGINT, rule_to BIGINT, interval_us BIGINT, tolerance_us BIGINT);
    INSERT INTO hold_rule VALUES ${request.holdRules
      .map(
        (rule) =>
          `(${literal(rule.meter)}, ${rule.from}, ${rule.to}, ${rule.intervalUs}, ${rule.gapToleranceUs})`,
      )
      .join(', ')};
    ${dayMacros(request)}
    CREATE TEMP VIEW lake_row AS ${lakeRows(request)};
  `);
}

const PICO_PER_UNIT = 10n ** 12n;
const INT64_LIMIT = 9n * 10n ** 18n;

/** The table that the day is metered by. */
export function metersOf(request: Pick<DayRequest, 'meters'>): MeterTable {
  return request.meters ?? BUILT_IN_METERS;
}

function meterTables(table: MeterTable): string {
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
        sized.has(meter.name) || isConfigured(meter),
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
    CREATE TEMP TABLE meter (meter VARCHAR, type VARCHAR, measure VARCHAR, factor HUGEINT, is_status BOOLEAN, held_while_shelved BOOLEAN, is_sized BOOLEAN, is_told_apart BOOLEAN);
    INSERT INTO meter VALUES ${meters.join(', ')};
    ${meterNames(table)}
    CREATE TEMP TABLE stand_in (target VARCHAR, source VARCHAR, volume_from VARCHAR);
    INSERT INTO stand_in VALUES ${standIns.join(', ')};
    CREATE TEMP TABLE measure (measure VARCHAR, denominator HUGEINT, pico_factor BIGINT, pico_divisor BIGINT);
    INSERT INTO measure VALUES ${measures.join(', ')};
  `;
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
    CREATE TEMP MACRO hour_of(time_us) AS time_us // 3600000000;
    CREATE TEMP MACRO day_of(time_us) AS (time_us // 86400000000 - ${startOfDay(date)} // 86400000000)::TINYINT;
    CREATE TEMP MACRO whole_of(volume) AS trunc(volume)::HUGEINT;
    CREATE TEMP MACRO fraction_of(volume, whole) AS CASE WHEN volume = whole::DECIMAL(38,18) THEN 0
      ELSE ((volume - whole::DECIMAL(38,18)) * 1000000000000000000)::BIGINT END;
  `;
}

/** Rows of the three days, of meters that are metered and of resources of this shard. */
function lakeRows(request: DayRequest): string {
  const { date } = request;
  const configured = configuredSql(metersOf(request));
  const conditions = [
    `time >= TIMESTAMP ${literal(addDays(date, -1))}`,
    `time < TIMESTAMP ${literal(addDays(date, 2))}`,
    ...ofShard(request),
    ...configured.fits,
  ];
  return `
    SELECT resource, meter.meter, epoch_us(time) AS time_us, volume, project, coalesce(class, '') AS class, deleted, shelved,
      size_vcpus, size_memory_mib, coalesce(message_id, '') AS message_id, row_head, metadata, row_tail, ingest_id, line, user_id, lake.type AS row_type, unit, source, state,
      meter.type, is_sized, is_told_apart${configured.column}
    FROM ${lakeSource(request)} lake ${configured.join}
    WHERE ${conditions.join(' AND ')}`;
}

/** Conditions on rows whose resource is of the shard. */
export function ofShard({ shard, shards }: Pick<DayRequest, 'shard' | 'shards'>): string[] {
  return shards === 1 ? [] : [`('0x' || md5(resource)[1:8])::UBIGINT % ${shards} = ${shard}`];
}

/** Rows of all sample parts, as the lake has them, but for those of retracted ingests. */
export function lakeSource({
  sampleFiles,
  withoutIngests = [],
}: Pick<DayRequest, 'sampleFiles' | 'withoutIngests'>): string {
  if (sampleFiles.length === 0) return NO_SAMPLES;
  const all = `read_parquet([${sampleFiles.map(literal).join(', ')}], hive_partitioning = false)`;
  if (withoutIngests.length === 0) return all;
  return `(FROM ${all} WHERE ingest_id NOT IN (${withoutIngests.map(literal).join(', ')}))`;
}

const NO_SAMPLES = `(
  SELECT NULL::VARCHAR AS resource, NULL::VARCHAR AS meter, NULL::TIMESTAMP AS time, NULL::DECIMAL(38,18) AS volume,
    NULL::VARCHAR AS project, NULL::VARCHAR AS class, NULL::BOOLEAN AS deleted, NULL::BOOLEAN AS shelved,
    NULL::DECIMAL(38,18) AS size_vcpus, NULL::DECIMAL(38,18) AS size_memory_mib, NULL::VARCHAR AS message_id,
    NULL::VARCHAR AS row_head, NULL::VARCHAR AS metadata, NULL::VARCHAR AS row_tail, NULL::VARCHAR AS ingest_id, NULL::BIGINT AS line,
    NULL::VARCHAR AS user_id, NULL::VARCHAR AS type, NULL::VARCHAR AS unit, NULL::VARCHAR AS source, NULL::VARCHAR AS state
  WHERE false)`;
