/** A month of a cloud as metering leaves it, and what it is billed by: for the close of any size. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { literal, withDatabase } from '../lib/adapters/duckdb/database.ts';
import { parseRegion } from '../lib/identifiers.ts';
import { usageKey } from '../lib/metering/lake-keys.ts';
import { daysOfMonth } from '../lib/period/calendar.ts';

export const PERIOD = '2026-10';
export const REGION = parseRegion('west');

export interface CloudSize {
  readonly instances: number;
  readonly teams: number;
}

/** A third of the teams has two projects. */
function projectsOf({ teams }: CloudSize): number {
  return Math.ceil((teams * 4) / 3);
}

/** Measure, class, amount in an hour as SQL of the instance `i` and the hour `h`; every fourth instance has an address. */
const MEASURES = [
  ['cores', 'flavor', 'size'],
  ['ram', 'flavor', 'size * 4'],
  ['instances', 'flavor', '1'],
  ['disk', 'flavor', 'size * 20 + 40'],
  ['cpu_time', 'flavor', 'size * ((i * 7919 + h * 104729) % 1000003) / 1000003.0'],
  ['ram_used', 'flavor', 'size * ((i * 6101 + h * 15485863) % 999983) / 499979.0'],
  ['egress', "''", '((i * 31 + h * 3571) % 7919) / 7907.0'],
  ['ingress', "''", '((i * 37 + h * 2521) % 7919) / 1009.0'],
  ['volume', "CASE WHEN i % 5 = 0 THEN 'ssd' ELSE 'hdd' END", '100 + i % 50'],
  ['floating_ip', "''", 'CASE WHEN i % 4 = 0 THEN 1 ELSE 0 END'],
] as const;

/**
 * Writes the month's usage as metering does: a file a day, a row for each hour, resource and measure. Of the instances
 * of a project there are four flavors; one in twenty lives for a part of the month, and begins and ends within an hour.
 *
 * @returns rows
 */
export async function writeUsage(folder: string, size: CloudSize): Promise<number> {
  const measures = MEASURES.map(
    ([measure, className, amount]) =>
      `SELECT '${measure}' AS measure, i, h, ${className} AS class, (${amount}) * held AS quantity FROM held`,
  );
  let rows = 0;
  const options = { memoryLimitMib: 2_048, threads: 2, directory: folder };
  await withDatabase(options, async (db) => {
    for (const [index, date] of daysOfMonth(PERIOD).entries()) {
      const path = join(folder, usageKey({ region: REGION, date, shard: 0 }));
      mkdirSync(dirname(path), { recursive: true });
      const result = await db.run(`
        COPY (
          WITH held AS (
            SELECT i, h, 2 ** (i // ${projectsOf(size)} % 4) AS size, 'm1.' || (i // ${projectsOf(size)} % 4) || '.' || (i % ${projectsOf(size)} % 5) AS flavor,
              CASE WHEN i % 20 <> 7 OR (h > i % 700 AND h < i % 700 + 44) THEN 1.0 WHEN h IN (i % 700, i % 700 + 44) THEN 0.4 ELSE 0 END AS held
            FROM range(${size.instances}) instance(i), range(${index * 24}, ${index * 24 + 24}) hour(h)),
          measured AS (${measures.join(' UNION ALL ')})
          SELECT '${REGION}' AS region, 'project-' || (i % ${projectsOf(size)}) AS project, md5('r' || i) AS resource, measure, class,
            TIMESTAMP '${PERIOD}-01' + INTERVAL (h) HOUR AS hour, round(quantity, 12)::DECIMAL(38,12) AS quantity, 1::BIGINT AS generation
          FROM measured WHERE quantity > 0 ORDER BY project, resource, measure, class, hour
        ) TO ${literal(path)} (FORMAT parquet, COMPRESSION zstd)`);
      rows += result.rowsChanged;
    }
  });
  return rows;
}

/** A card of every price model with a change of prices within the month, and teams of which every thirtieth shares a project. */
export function pricing(size: CloudSize) {
  const rules = (cores: string) => [
    { id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: cores }, allowance: '100' },
    { id: 'ram', measure: 'ram', price: { model: 'graduated', bands: bands('0.004', '0.003') } },
    { id: 'disk', measure: 'disk', price: { model: 'unit', unitPrice: '0.000137' } },
    { id: 'ssd', measure: 'volume', match: { class: 'ssd' }, price: unit('0.00021') },
    { id: 'volume', measure: 'volume', price: unit('0.00011'), minimum: '5.00' },
    { id: 'egress', measure: 'egress', price: { model: 'volume', bands: bands('0.05', '0.04') } },
    { id: 'ip', measure: 'floating_ip', price: flat('2.50') },
  ];
  const card = (id: string, effectiveFrom: string, cores: string) => ({
    ...{ id, currency: 'EUR', effectiveFrom, rules: rules(cores) },
  });
  const team = (number: number) => `team-${number}`;
  const teams = Array.from({ length: size.teams }, (_, number) => ({
    id: team(number),
    costCentre: `CC-${number}`,
    projects: [
      { project: `project-${number}`, share: number % 30 === 0 ? 60 : 100 },
      ...(number % 30 === 1 ? [{ project: `project-${number - 1}`, share: 39.5 }] : []),
      ...(number + size.teams < projectsOf(size)
        ? [{ project: `project-${number + size.teams}` }]
        : []),
    ],
  }));
  const commitments = teams.slice(0, size.teams / 10).map(({ id }) => ({
    ...{ id: `commit-${id}`, type: 'commitment', team: id, measure: 'cores' },
    ...{ quantityPerHour: '8', unitPrice: '0.009', from: '2026-01-01' },
  }));
  const adjustments = [
    ...commitments,
    { id: 'discount', type: 'discount', measure: 'ram', percent: '2.5' },
    { id: 'support', type: 'surcharge', percent: '3' },
  ];
  const cards = [card('std', '2026-01-01', '0.0125'), card('autumn', '2026-10-15', '0.0131')];
  return { cards, teams, adjustments };
}

function unit(unitPrice: string) {
  return { model: 'unit', unitPrice };
}

function flat(amount: string) {
  return { model: 'flat', amount, per: 'resource-month' };
}

function bands(first: string, then: string) {
  return [{ upTo: '10000', unitPrice: first }, { unitPrice: then }];
}
