import type { DuckDBConnection } from '@duckdb/node-api';
import { hostsByName } from '../../capacity/host-names.ts';
import { labelsField } from '../../labels.ts';
import { addDays } from '../../period/calendar.ts';
import type { DayUsage, SurveyEngine, SurveySession } from '../../ports/surveys.ts';
import { type DatabaseOptions, literal, withDatabase } from './database.ts';
import { lakeSource } from './day-lake.ts';
import { ADD_CPU, ADD_RAM, CREATE_TABLES, DAY_RESOURCES } from './survey-day.ts';
import { readFindings } from './survey-findings.ts';

/** Meters that tell of instances, volumes and addresses; `cpu_util` is of clouds before 2018. */
const METERS = [
  'vcpus',
  'memory',
  'instance',
  'disk.root.size',
  'disk.ephemeral.size',
  'cpu',
  'cpu_util',
  'memory.usage',
  'volume.size',
  'ip.floating',
];

/** Surveys sample parts in DuckDB, a day at a time: what it keeps grows with resources, not with samples. */
export function duckdbSurveyEngine(
  limits: Pick<DatabaseOptions, 'memoryLimitMib' | 'threads'>,
): SurveyEngine {
  return {
    open({ hosts, scratchFolder }, use) {
      return withDatabase({ ...limits, directory: scratchFolder }, async (connection) => {
        await connection.run(CREATE_TABLES);
        const names = [...hostsByName(hosts)].map((pair) => `(${pair.map(literal).join(', ')})`);
        if (names.length > 0) {
          await connection.run(`INSERT INTO known_host VALUES ${names.join(', ')}`);
        }
        return await use(sessionOn(connection));
      });
    },
  };
}

function sessionOn(connection: DuckDBConnection): SurveySession {
  return {
    async addDay({ date, ...lake }) {
      if (lake.sampleFiles.length === 0) return;
      await connection.run(`
        CREATE OR REPLACE TEMP VIEW day_row AS
          SELECT resource, meter, type, time, epoch_us(time) AS time_us, volume, project, coalesce(class, '') AS class,
            deleted, lower(state) AS state, size_vcpus, size_memory_mib, metadata
          FROM ${lakeSource(lake)}
          WHERE time >= TIMESTAMP ${literal(date)} AND time < TIMESTAMP ${literal(addDays(date, 1))}
            AND meter IN (${METERS.map(literal).join(', ')})`);
      for (const statement of DAY_RESOURCES) await connection.run(statement);
      for (const statement of [...ADD_CPU, ...ADD_RAM]) await connection.run(statement);
      await connection.run('DROP TABLE day_instance; DROP VIEW day_row');
    },
    findings: () => readFindings(connection),
    async usageOfDay(usageFiles) {
      return usageFiles.length === 0 ? [] : await readUsage(connection, usageFiles);
    },
  };
}

/** Usage of regions that keep no labels has no such column. */
async function readUsage(
  connection: DuckDBConnection,
  usageFiles: readonly string[],
): Promise<readonly DayUsage[]> {
  const files = usageFiles.map(literal).join(', ');
  const result = await connection.runAndReadAll(`
    SELECT project, resource, measure, class, coalesce(labels, ''), sum(quantity)::VARCHAR
    FROM (SELECT NULL::VARCHAR AS labels WHERE false UNION ALL BY NAME
      FROM read_parquet([${files}], hive_partitioning = false, union_by_name = true))
    GROUP BY ALL ORDER BY ALL`);
  return result.getRows().map((row) => {
    const [project = '', resource = '', measure = '', ofClass = '', labels = '', quantity = ''] =
      row.map(String);
    const metadata = labels === '' ? {} : { metadata: labelsField.parse(JSON.parse(labels)) };
    return { project, resource, measure, class: ofClass, ...metadata, quantity };
  });
}
