/** Shares are counted in steps of this, up to `BINS` of them: half a percent, twice the whole. */
export const BINS_PER_WHOLE = 200;
const BINS = 2 * BINS_PER_WHOLE;

/** Counters that are farther apart say little of any instant between; metering holds as long by default. */
const GAP_US = 7_200_000_000;
const SHORT_SLOT_US = 300_000_000;
const LONG_SLOT_US = 3_600_000_000;
/** Polls at most so far apart fill slots of five minutes. */
const SHORT_POLL_US = 600_000_000;

const STOPPED = "('stopped', 'shutoff', 'paused', 'suspended', 'shelved', 'shelved_offloaded')";

/** Of resources and of hosts over all days. Shares of one resource are kept as a histogram. */
export const CREATE_TABLES = `
  CREATE TABLE known_host (name VARCHAR, host VARCHAR);
  CREATE TABLE instance (resource VARCHAR, project VARCHAR, class VARCHAR, state VARCHAR, deleted BOOLEAN, vcpus DOUBLE,
    memory_mib DOUBLE, disk_gib DOUBLE, samples BIGINT, stopped BIGINT, first_us BIGINT, last_us BIGINT);
  CREATE TABLE holding (resource VARCHAR, kind VARCHAR, project VARCHAR, class VARCHAR, deleted BOOLEAN, size DOUBLE,
    samples BIGINT, orphan BIGINT, first_us BIGINT, last_us BIGINT);
  CREATE TABLE share (resource VARCHAR, kind VARCHAR, bin SMALLINT, slots BIGINT, total DOUBLE, largest DOUBLE);
  CREATE TABLE host_share (kind VARCHAR, host VARCHAR, day BIGINT, slot BIGINT, share DOUBLE);
  CREATE MACRO text_at(metadata, path) AS json_extract_string(metadata, path);
  CREATE MACRO share_bin(share) AS least(${BINS}, ceil(share * ${BINS_PER_WHOLE} - 1e-9))::SMALLINT`;

/** Nova's `host` of samples of its API is a hash that differs by project, so that a host must be one that is known. */
const HOST = `
  coalesce((SELECT min(host) FROM known_host WHERE name IN (
    text_at(metadata, '$.instance_host'), text_at(metadata, '$."OS-EXT-SRV-ATTR:host"'),
    text_at(metadata, '$."OS-EXT-SRV-ATTR:hypervisor_hostname"'), text_at(metadata, '$.node'), text_at(metadata, '$.host'))), '')`;

/** Python's None is text in old samples. */
const HAS_PORT = `coalesce(text_at(metadata, '$.port_id'), '') NOT IN ('', 'None')`;
const IS_ORPHAN = `CASE meter
  WHEN 'volume.size' THEN state = 'available'
  ELSE state = 'down' OR (json_exists(metadata, '$.port_id') AND NOT ${HAS_PORT}) END`;

export const DAY_RESOURCES = [
  `CREATE TEMP TABLE day_instance AS
    SELECT *, ${HOST} AS host FROM (
      SELECT resource, arg_max(project, time) AS project, arg_max(class, time) AS class, arg_max(state, time) AS state,
        arg_max(deleted, time) AS deleted, arg_max(size_vcpus, time)::DOUBLE AS vcpus, arg_max(size_memory_mib, time)::DOUBLE AS memory_mib,
        coalesce(max(volume) FILTER (meter = 'disk.root.size'), 0)::DOUBLE + coalesce(max(volume) FILTER (meter = 'disk.ephemeral.size'), 0)::DOUBLE AS disk_gib,
        count(*) FILTER (state <> '') AS samples, count(*) FILTER (state IN ${STOPPED}) AS stopped,
        min(time_us) AS first_us, max(time_us) AS last_us, arg_max(metadata, time) AS metadata
      FROM day_row WHERE meter NOT IN ('volume.size', 'ip.floating') GROUP BY resource)`,
  `INSERT INTO instance
    SELECT resource, project, class, state, deleted, vcpus, memory_mib, disk_gib, samples, stopped, first_us, last_us FROM day_instance`,
  `INSERT INTO holding
    SELECT resource, CASE meter WHEN 'volume.size' THEN 'volume' ELSE 'floating_ip' END, arg_max(project, time), arg_max(class, time),
      arg_max(deleted, time), CASE meter WHEN 'volume.size' THEN arg_max(volume, time)::DOUBLE ELSE 1 END,
      count(*), count(*) FILTER (${IS_ORPHAN}), min(time_us), max(time_us)
    FROM day_row WHERE meter IN ('volume.size', 'ip.floating') GROUP BY resource, meter`,
];

/** Adds `slot_use` (resource, slot, used, held) to the histograms, and its sums over hosts. */
function addSlots(kind: 'cpu' | 'ram'): string[] {
  return [
    `INSERT INTO share
      SELECT resource, '${kind}', share_bin(used / held), count(*), sum(used / held), max(used / held)
      FROM slot_use GROUP BY resource, share_bin(used / held)`,
    // A slot in which many instances of a host were not measured would make its use look small.
    `INSERT INTO host_share
      SELECT '${kind}', host, slot * slot_us // 86_400_000_000, slot, sum(used) / sum(held)
      FROM slot_use JOIN day_instance USING (resource)
      JOIN (SELECT host, count(*) AS standing FROM day_instance WHERE host <> '' AND samples > stopped GROUP BY host) USING (host)
      WHERE host <> ''
      GROUP BY host, slot, slot_us HAVING count(*) >= 0.9 * any_value(standing)`,
    'DROP TABLE slot_use',
  ];
}

/** Counters of CPU time between two polls, or the utilisation that old clouds give, at the start of each slot. */
export const ADD_CPU = [
  `CREATE TEMP TABLE cpu_rate AS
    WITH poll AS (
      SELECT resource, time_us, max(volume)::DOUBLE AS busy_ns FROM day_row
      WHERE meter = 'cpu' AND type = 'cumulative' GROUP BY resource, time_us),
    step AS (
      SELECT resource, time_us, lag(time_us) OVER own AS from_us, busy_ns - lag(busy_ns) OVER own AS ns
      FROM poll WINDOW own AS (PARTITION BY resource ORDER BY time_us))
    SELECT resource, from_us, time_us AS to_us, ns / ((time_us - from_us) * 1000.0) AS cores
    FROM step WHERE ns >= 0 AND time_us - from_us <= ${GAP_US}`,
  `CREATE TEMP TABLE slot_length AS
    SELECT CASE WHEN coalesce(median(to_us - from_us), 0) <= ${SHORT_POLL_US} THEN ${SHORT_SLOT_US} ELSE ${LONG_SLOT_US} END AS slot_us
    FROM cpu_rate`,
  `CREATE TEMP TABLE slot_use AS
    WITH counted AS (
      SELECT resource, unnest(range(from_us // slot_us + 1, to_us // slot_us + 1)) AS slot, cores, slot_us FROM cpu_rate, slot_length),
    told AS (
      SELECT resource, time_us // slot_us AS slot, avg(volume)::DOUBLE / 100 AS share, slot_us
      FROM day_row, slot_length WHERE meter = 'cpu_util' AND resource NOT IN (SELECT resource FROM cpu_rate)
      GROUP BY resource, slot, slot_us)
    SELECT resource, slot, slot_us, cores AS used, vcpus AS held FROM counted JOIN day_instance USING (resource) WHERE vcpus > 0
    UNION ALL
    SELECT resource, slot, slot_us, share * vcpus, vcpus FROM told JOIN day_instance USING (resource) WHERE vcpus > 0`,
  'DROP TABLE cpu_rate',
  ...addSlots('cpu'),
];

export const ADD_RAM = [
  `CREATE TEMP TABLE slot_use AS
    SELECT resource, time_us // slot_us AS slot, slot_us, max(volume)::DOUBLE AS used, any_value(memory_mib) AS held
    FROM day_row JOIN day_instance USING (resource), slot_length
    WHERE meter = 'memory.usage' AND memory_mib > 0 GROUP BY resource, slot, slot_us`,
  ...addSlots('ram'),
  'DROP TABLE slot_length',
];
