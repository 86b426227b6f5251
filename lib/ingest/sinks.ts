import type { SampleBatch } from '../ports/sample-parts.ts';
import { capacitySink } from './capacity-sink.ts';
import type { Format } from './formats/format.ts';
import { importedDemandSink } from './imported-demand-sink.ts';
import type { ReadingOptions } from './object-reading.ts';
import type { RowSink } from './row-sink.ts';
import { sampleSink } from './sample-sink.ts';

/** What becomes of the rows of each kind of format. */
export function sinkOf(
  batch: Pick<SampleBatch, 'add'>,
  format: Format,
  options: ReadingOptions,
): RowSink {
  switch (format.kind) {
    case 'samples':
      return sampleSink(batch, options);
    case 'imported-demand':
      return importedDemandSink(options);
    case 'capacity':
      return capacitySink(options);
    default:
      return format.kind satisfies never;
  }
}
