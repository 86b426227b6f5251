import { assert } from '../assert.ts';
import type { MeterTable } from '../metering/meter-table.ts';
import { instantOfDate } from '../period/instant.ts';
import type { Ingest } from '../ports/ledger.ts';
import type { SampleBatch, StagedCounts, TextFile } from '../ports/sample-parts.ts';
import { plainBytes } from './inflation.ts';
import type { IngestPorts } from './ingest-ports.ts';
import type { LandedObject } from './landed-object.ts';
import { parseLandingKey } from './landing-key.ts';
import { ObjectReading } from './object-reading.ts';
import { ObjectRefused, type Refusal } from './refusal.ts';
import type { Findings } from './row-sink.ts';
import { quarantineLine, Tally } from './tally.ts';

/** An object whose rows wait in the batch. */
export interface ReadReport {
  readonly ingest: Ingest;
  readonly read: number;
  readonly tally: Tally;
  readonly findings: Findings;
  /** Null when no row was refused. */
  readonly quarantine: TextFile | null;
}

/** An object that was refused as a whole. */
export interface RefusalReport {
  readonly ingest: Ingest;
  readonly refusal: Refusal;
}

export type ObjectReport = ReadReport | RefusalReport;

export interface ReadingPorts extends IngestPorts {
  /** As it stood when the batch was begun. */
  readonly meters: MeterTable;
}

/** Reads all rows of the object into the batch. */
export async function readObject(
  ports: ReadingPorts,
  batch: SampleBatch,
  object: LandedObject,
): Promise<ObjectReport> {
  const { ingest } = object;
  try {
    await batch.begin({ id: ingest.id, region: ingest.region });
    return await readRows(ports, batch, object);
  } catch (error) {
    if (!(error instanceof ObjectRefused)) throw error;
    await batch.forget(ingest.id);
    return { ingest, refusal: error };
  }
}

async function readRows(
  ports: ReadingPorts,
  batch: SampleBatch,
  object: LandedObject,
): Promise<ReadReport> {
  const { ingest, putAt } = object;
  const telemetrySecret = await ports.telemetrySecret(ingest.region);
  const tally = new Tally();
  let file: TextFile | null = null;
  const reading = new ObjectReading(batch, {
    region: ingest.region,
    putAt: instantOfDate(putAt),
    limits: ports.limits,
    meters: ports.meters,
    format: parseLandingKey(ingest.key).format,
    telemetrySecret,
    bytes: ports.bytes,
    quarantine(line, refusal, row, keptAs = 'text') {
      tally.add(line, refusal);
      file ??= batch.textFile();
      file.append(quarantineLine(line, refusal, { row, keptAs }));
    },
  });
  try {
    const body = plainBytes(await object.open(), ingest.sizeBytes, ports);
    for await (const chunk of body) {
      reading.push(chunk);
      await batch.ready();
    }
    const findings = reading.end();
    const { read, format } = reading;
    return { ingest: { ...ingest, format }, read, tally, findings, quarantine: file };
  } finally {
    (file as TextFile | null)?.close();
  }
}

/** The ledger's counts of an object, once the batch has settled. */
export function countsOf(report: ReadReport, staged: StagedCounts | undefined): Ingest['counts'] {
  const { findings, tally, read } = report;
  const counts = {
    read,
    accepted: findings.accepted + (staged?.accepted ?? 0),
    duplicate: findings.duplicate + (staged?.duplicate ?? 0),
    conflict: findings.conflict + (staged?.conflict ?? 0),
    quarantined: tally.total,
    unmetered: findings.unmetered + (staged?.unmetered ?? 0),
  };
  const told = counts.accepted + counts.duplicate + counts.conflict + counts.quarantined;
  assert(told === read, `${read} rows were read from "${report.ingest.key}", and ${told} are told`);
  return counts;
}
