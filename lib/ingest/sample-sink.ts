import type { SampleTaker } from '../ports/sample-parts.ts';
import { MessageSignatures } from './formats/ceilometer-signature.ts';
import { KnownRows } from './known-rows.ts';
import type { ReadingOptions } from './object-reading.ts';
import { AHEAD_MAX_US } from './reading-rules.ts';
import { NO_FINDINGS, type RowSink } from './row-sink.ts';
import { SampleReader } from './sample-reader.ts';

/** Samples go to the batch as they come; it counts them when it settles. */
export function sampleSink(batch: SampleTaker, options: ReadingOptions): RowSink {
  const reader = new SampleReader(options.putAt, options.limits, options.meters);
  const known = knownRows(batch, options);
  const signatures = signaturesOf(options);
  const sink: RowSink = {
    take(text, line) {
      const { row, sample } = reader.readRow(text, line);
      signatures?.verify(text);
      batch.add(sample);
      known?.learn(row, sample);
      return 1;
    },
    end() {
      known?.end();
      return NO_FINDINGS;
    },
  };
  return known ? { ...sink, blocks: known } : sink;
}

function signaturesOf({ telemetrySecret, bytes }: ReadingOptions): MessageSignatures | null {
  return telemetrySecret === null
    ? null
    : new MessageSignatures(telemetrySecret, () => bytes.sha256());
}

/** Null where each row has to be looked at, for its signature, or the batch takes samples alone. */
function knownRows(batch: SampleTaker, options: ReadingOptions): KnownRows | null {
  const { addSeries, addReadings } = batch;
  if (options.telemetrySecret !== null || !addSeries || !addReadings) return null;
  return new KnownRows(
    { addSeries: addSeries.bind(batch), addReadings: addReadings.bind(batch) },
    { latest: options.putAt + AHEAD_MAX_US, bytes: options.bytes },
  );
}
