import type { SampleBatch } from '../ports/sample-parts.ts';
import type { ReadingOptions } from './object-reading.ts';
import { NO_FINDINGS, type RowSink } from './row-sink.ts';
import { SampleReader } from './sample-reader.ts';

/** Samples go to the batch as they come; it counts them when it settles. */
export function sampleSink(batch: Pick<SampleBatch, 'add'>, options: ReadingOptions): RowSink {
  const reader = new SampleReader(options.putAt, options.limits, options.meters);
  return {
    take(text, line) {
      batch.add(reader.read(text, line));
      return 1;
    },
    end: () => NO_FINDINGS,
  };
}
