import type { DuckDBConnection } from '@duckdb/node-api';
import type {
  HostShares,
  SurveyedHolding,
  SurveyedInstance,
  SurveyFindings,
  UseShares,
} from '../../ports/surveys.ts';
import { BINS_PER_WHOLE } from './survey-day.ts';

type Row = Readonly<Record<string, unknown>>;

export async function readFindings(connection: DuckDBConnection): Promise<SurveyFindings> {
  const rowsOf = async (sql: string): Promise<Row[]> =>
    (await connection.runAndReadAll(sql)).getRowObjects();
  const shares = await rowsOf(SHARES);
  const sharesOf = (kind: string) =>
    new Map(
      shares
        .filter((row) => row['kind'] === kind)
        .map((row) => [String(row['resource']), useShares(row)]),
    );
  const [cpu, ram] = [sharesOf('cpu'), sharesOf('ram')];
  const ofHosts = (await rowsOf(HOST_SHARES)).map((row) => [row['kind'], hostShares(row)] as const);
  const hosts = new Map(ofHosts);
  return {
    instances: (await rowsOf(INSTANCES)).map((row) => {
      const resource = String(row['resource']);
      return { ...instanceOf(row), cpu: cpu.get(resource) ?? null, ram: ram.get(resource) ?? null };
    }),
    holdings: (await rowsOf(HOLDINGS)).map(holdingOf),
    cpuOfHosts: hosts.get('cpu') ?? null,
    ramOfHosts: hosts.get('ram') ?? null,
  };
}

const INSTANCES = `
  SELECT resource, arg_max(project, last_us) AS project, arg_max(class, last_us) AS class, arg_max(state, last_us) AS state,
    arg_max(deleted, last_us) AS deleted, arg_max(vcpus, last_us) AS vcpus, arg_max(memory_mib, last_us) AS memory_mib, arg_max(disk_gib, last_us) AS disk_gib,
    sum(samples) AS samples, sum(stopped) AS stopped, min(first_us) AS first_us, max(last_us) AS last_us
  FROM instance GROUP BY resource ORDER BY resource`;

const HOLDINGS = `
  SELECT resource, kind, arg_max(project, last_us) AS project, arg_max(class, last_us) AS class, arg_max(deleted, last_us) AS deleted,
    arg_max(size, last_us) AS size, sum(samples) AS samples, sum(orphan) AS orphan, min(first_us) AS first_us, max(last_us) AS last_us
  FROM holding GROUP BY resource, kind ORDER BY resource, kind`;

/** A quantile is the end of the bin in which it lies. */
const SHARES = `
  WITH bins AS (SELECT resource, kind, bin, sum(slots) AS slots, sum(total) AS total, max(largest) AS largest FROM share GROUP BY resource, kind, bin),
  ranked AS (SELECT *, sum(slots) OVER own AS up_to, sum(slots) OVER whole AS all_slots
    FROM bins WINDOW own AS (PARTITION BY resource, kind ORDER BY bin), whole AS (PARTITION BY resource, kind))
  SELECT resource, kind, sum(slots) AS slots, sum(total) / sum(slots) AS mean, max(largest) AS max,
    min(bin) FILTER (up_to >= 0.95 * all_slots) AS p95, min(bin) FILTER (up_to >= 0.99 * all_slots) AS p99
  FROM ranked GROUP BY resource, kind`;

const HOST_SHARES = `
  SELECT kind, count(DISTINCT host) AS hosts, count(*) AS slots, count(DISTINCT day) AS days, quantile_cont(share, 0.5) AS p50,
    quantile_cont(share, 0.95) AS p95, quantile_cont(share, 0.99) AS p99, max(share) AS max
  FROM host_share GROUP BY kind`;

function headOf(row: Row) {
  return {
    resource: String(row['resource']),
    project: String(row['project']),
    class: String(row['class']),
    isDeleted: row['deleted'] === true,
    samples: Number(row['samples']),
    firstAt: Number(row['first_us']),
    lastAt: Number(row['last_us']),
  };
}

function instanceOf(row: Row): Omit<SurveyedInstance, 'cpu' | 'ram'> {
  const sizeOf = (value: unknown) => (value === null ? null : Number(value));
  return {
    ...headOf(row),
    vcpus: sizeOf(row['vcpus']),
    memoryMib: sizeOf(row['memory_mib']),
    diskGib: Number(row['disk_gib']),
    stoppedSamples: Number(row['stopped']),
    state: String(row['state'] ?? ''),
  };
}

function holdingOf(row: Row): SurveyedHolding {
  return {
    ...headOf(row),
    kind: row['kind'] === 'volume' ? 'volume' : 'floating_ip',
    size: Number(row['size']),
    orphanSamples: Number(row['orphan']),
  };
}

function useShares(row: Row): UseShares {
  return {
    mean: Number(row['mean']),
    // The highest bin holds all beyond, and a quantile is never above what was seen.
    p95: Math.min(Number(row['p95']) / BINS_PER_WHOLE, Number(row['max'])),
    p99: Math.min(Number(row['p99']) / BINS_PER_WHOLE, Number(row['max'])),
    max: Number(row['max']),
    slots: Number(row['slots']),
  };
}

function hostShares(row: Row): HostShares {
  const of = (name: string) => Number(row[name]);
  return {
    hosts: of('hosts'),
    slots: of('slots'),
    days: of('days'),
    p50: of('p50'),
    p95: of('p95'),
    p99: of('p99'),
    max: of('max'),
  };
}
