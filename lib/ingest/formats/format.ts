import type { SampleTaker } from '../../ports/sample-parts.ts';
import type { ReadingOptions } from '../object-reading.ts';
import type { RowSink } from '../row-sink.ts';

/** What the rows of an object are. */
export interface Format {
  /** As the ledger names it, and as it can be asked for: lower case letters, digits, "-" and ".". */
  readonly name: string;
  /**
   * Each row is one Ceilometer sample, in one of its key sets: what reads those faster may, unless
   * signatures are to be verified (ReadingOptions.telemetrySecret).
   */
  readonly rowsAreSamples: boolean;
  /** Takes the rows of one object. Samples go to the batch as they come, all else with the findings. */
  readonly open: (batch: SampleTaker, options: ReadingOptions) => RowSink;
}

/** A row that the format is to be told from. */
export interface Specimen {
  readonly text: string;
  /** Undefined where the text is not JSON. */
  readonly value: unknown;
}

/** Null when it is not of the format. @throws ObjectRefused when it is, and the format is not taken */
export type Recogniser = (specimen: Specimen) => Format | null;

/** What a file of a format gives to the registry. */
export interface FormatFile {
  /** Those that can be asked for by name; none where the file only says why something is not taken. */
  readonly formats: readonly Format[];
  readonly recognise: Recogniser;
}
