import type { Region } from '../identifiers.ts';
import { addDays, type Day } from '../period/calendar.ts';
import { isOfRefusals } from '../ports/capacity-store.ts';
import type { SamplePart } from '../ports/lake-index.ts';
import type { Ingest, TouchedPartition } from '../ports/ledger.ts';
import type { SampleBatch, StagedCounts } from '../ports/sample-parts.ts';
import { batchId } from './ingest-id.ts';
import type { IngestPorts } from './ingest-ports.ts';
import { countsOf, type ObjectReport } from './read-object.ts';
import { touchDays } from './touch.ts';

const NAME_DIGITS = 32;
const encoder = new TextEncoder();

/**
 * Makes the batch count, in the order that keeps readers right whenever it stops: parts, manifest,
 * index, generations, and the final states of the ledger last. Until then a retry does it all again.
 */
export async function commit(
  ports: IngestPorts,
  batch: SampleBatch,
  reports: readonly ObjectReport[],
): Promise<void> {
  const staged = await batch.settle();
  const finals = reports.map((report) => ({ report, ...prepare(report, staged) }));
  for (const { report, ingest } of finals) await putQuarantine(ports, report, ingest);
  const parts = await putParts(ports, batch);
  await putManifest(ports, parts, reports);
  await ports.lakeIndex.add(parts);
  for (const { report } of finals) await putFindings(ports, report);
  const daysOf = (region: Region) =>
    finals.filter(({ ingest }) => ingest.region === region).flatMap(({ days }) => days);
  const touched = new Map<Region, readonly TouchedPartition[]>();
  for (const region of new Set(finals.map(({ ingest }) => ingest.region))) {
    touched.set(region, await touchDays(ports, region, daysOf(region)));
  }
  if ([...touched.values()].some((partitions) => partitions.length > 0)) {
    await ports.messages.wakeMetering(ports.delays.wakeupSeconds);
  }
  for (const { ingest, days } of finals) {
    const own = (touched.get(ingest.region) ?? []).filter(({ date }) => isNear(date, days));
    await ports.ledger.put({ ...ingest, touched: own, finishedAt: ports.now().toISOString() });
  }
}

function isNear(date: Day, days: readonly Day[]): boolean {
  return days.some((day) => date === day || date === addDays(day, 1) || date === addDays(day, -1));
}

function prepare(
  report: ObjectReport,
  staged: ReadonlyMap<string, StagedCounts>,
): { readonly ingest: Ingest; readonly days: readonly Day[] } {
  const { ingest } = report;
  if ('refusal' in report) {
    const { code, reason } = report.refusal;
    const reasons = [{ code, count: 1, example: reason }];
    return { ingest: { ...ingest, state: 'refused', problem: reason, reasons }, days: [] };
  }
  const own = staged.get(ingest.id);
  return {
    ingest: {
      ...ingest,
      state: 'ingested',
      counts: countsOf(report, own),
      reasons: report.tally.reasons(),
      problem: report.findings.warning,
      quarantineKey: report.quarantine
        ? `quarantine/region=${ingest.region}/${ingest.id}.jsonl`
        : null,
    },
    days: own?.days ?? [],
  };
}

async function putQuarantine(
  ports: IngestPorts,
  report: ObjectReport,
  { quarantineKey }: Ingest,
): Promise<void> {
  if (!('quarantine' in report) || !report.quarantine || quarantineKey === null) return;
  const options = { contentType: 'application/x-ndjson' };
  await ports.lake.upload(quarantineKey, report.quarantine.path, options);
}

async function putParts(ports: IngestPorts, batch: SampleBatch): Promise<SamplePart[]> {
  const parts: SamplePart[] = [];
  await batch.writeParts(async ({ region, date, rows, path, sha256 }) => {
    const name = sha256.slice(0, NAME_DIGITS);
    const key = `samples/region=${region}/date=${date}/${name}.parquet`;
    await ports.lake.upload(key, path, { contentType: 'application/vnd.apache.parquet' });
    parts.push({ region, date, key, rows });
  });
  return parts;
}

async function putManifest(
  ports: IngestPorts,
  parts: readonly SamplePart[],
  reports: readonly ObjectReport[],
): Promise<void> {
  if (parts.length === 0) return;
  const ingests = reports.map(({ ingest }) => ingest.id).toSorted();
  const batch = batchId(ports.bytes, ingests);
  const manifest = { batch, createdAt: ports.now().toISOString(), ingests, parts };
  const body = encoder.encode(JSON.stringify(manifest));
  await ports.lake.put(`manifests/${batch}.json`, body, { contentType: 'application/json' });
}

async function putFindings(ports: IngestPorts, report: ObjectReport): Promise<void> {
  const { ingest } = report;
  if ('refusal' in report) return;
  const { importedDays, snapshots, ratedDays } = report.findings;
  if (importedDays.length > 0) {
    const { id: ingestId, receivedAt, sha256: contentSha256 } = ingest;
    await ports.importedDemand.put(
      importedDays.map((day) => ({
        ...{ ...day, ingestId, receivedAt },
        ...(isOfRefusals(day.metric) ? { contentSha256 } : {}),
      })),
    );
  }
  for (const snapshot of snapshots) await ports.capacity.put(snapshot, ingest.id);
  if (ratedDays.length > 0) await ports.ratedHistory.put(ingest, ratedDays);
}
