import type { SampleBatch } from '../ports/sample-parts.ts';
import { MessageSignatures } from './formats/ceilometer-signature.ts';
import type { ReadingOptions } from './object-reading.ts';
import { NO_FINDINGS, type RowSink } from './row-sink.ts';
import { SampleReader } from './sample-reader.ts';

/** Samples go to the batch as they come; it counts them when it settles. */
export function sampleSink(batch: Pick<SampleBatch, 'add'>, options: ReadingOptions): RowSink {
  const reader = new SampleReader(options.putAt, options.limits, options.meters);
  const signatures = signaturesOf(options);
  return {
    take(text, line) {
      const sample = reader.read(text, line);
      signatures?.verify(text);
      batch.add(sample);
      return 1;
    },
    end: () => NO_FINDINGS,
  };
}

function signaturesOf({ telemetrySecret, bytes }: ReadingOptions): MessageSignatures | null {
  return telemetrySecret === null
    ? null
    : new MessageSignatures(telemetrySecret, () => bytes.sha256());
}
