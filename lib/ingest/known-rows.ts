import type { InstantUs } from '../period/instant.ts';
import type { ByteWork } from '../ports/byte-work.ts';
import type { SampleBatch } from '../ports/sample-parts.ts';
import { PlainTime } from './plain-time.ts';
import { ReadingLines } from './reading-lines.ts';
import { EARLIEST } from './reading-rules.ts';
import { RepeatedRows } from './repeated-rows.ts';
import type { BlockSink } from './row-sink.ts';
import type { MatchedRow, RowTemplate } from './row-template.ts';
import { VALUE_SEPARATOR } from './row-values.ts';
import type { Sample } from './sample.ts';
import type { SampleRow } from './sample-row.ts';
import { SeriesMemory } from './series-memory.ts';
import { templateOf } from './template-of-row.ts';

/** An object may mix key sets, and publishers. */
const TEMPLATES_MAX = 4;
/** A BIGINT holds them all. */
const VOLUME_DIGITS_MAX = 18;
const POINT = 46;
const MINUS = 45;

interface KnownTemplate {
  readonly template: RowTemplate;
  readonly series: SeriesMemory;
}

/**
 * Takes rows whose series was met before without reading them as JSON. The first row of a series is read by
 * SampleReader with all rules. All later ones that are the same but for volume, time, message and telling
 * can differ in the judgement of these alone, which is made here; whatever else there is in a line, and
 * what would be refused, is for SampleReader.
 */
export class KnownRows implements BlockSink {
  readonly #batch: Pick<SampleBatch, 'addSeries'>;
  readonly #latest: InstantUs;
  readonly #known: KnownTemplate[] = [];
  readonly #repeated: RepeatedRows;
  readonly #time = new PlainTime();
  readonly #lines: ReadingLines;

  /** @param options `latest` is what a row may say at most */
  constructor(
    batch: Pick<SampleBatch, 'addSeries' | 'addReadings'>,
    { latest, bytes }: { readonly latest: InstantUs; readonly bytes: Pick<ByteWork, 'isSame'> },
  ) {
    this.#batch = batch;
    this.#latest = latest;
    this.#repeated = new RepeatedRows(bytes.isSame, latest);
    this.#lines = new ReadingLines((lines) => batch.addReadings(lines));
  }

  takeRepeats(block: Uint8Array, from: number, firstLine: number): { rows: number; end: number } {
    let [at, rows] = [from, 0];
    while (at < block.length) {
      const end = this.#repeated.take(block, at, { line: firstLine + rows, lines: this.#lines });
      if (end === -1) break;
      at = end;
      rows += 1;
    }
    return { rows, end: at };
  }

  takeLine(text: string, line: number): boolean {
    const known = this.#matching(text);
    if (known === null) return false;
    const { row } = known.template;
    const series = known.series.find(row);
    if (series === -1 || !this.#addReading(series, row, line)) return false;
    this.#repeated.met(series);
    return true;
  }

  /** Remembers the series of a row that was read with all rules. */
  learn(row: SampleRow, sample: Sample): void {
    const text = `${row.text}\n`;
    let known = this.#matching(text);
    if (!known) {
      const template = templateOf(row);
      if (template === null || !template.match(text, 0)) return;
      known = { template, series: new SeriesMemory() };
      if (this.#known.length === TEMPLATES_MAX) this.#known.pop();
      this.#known.unshift(known);
    }
    const { template } = known;
    if (known.series.find(template.row) !== -1) return;
    const series = this.#batch.addSeries(sample);
    known.series.add(template.row, series);
    const spans = template.spansOf(text);
    if (spans) this.#repeated.learn(text, spans, series);
  }

  /** All readings are with the batch afterwards. */
  end(): void {
    this.#lines.flush();
  }

  #matching(text: string): KnownTemplate | null {
    for (let index = 0; index < this.#known.length; index += 1) {
      const known = this.#known[index];
      if (!known?.template.match(text, 0)) continue;
      if (index > 0) this.#putFirst(index, known);
      return known;
    }
    return null;
  }

  #putFirst(index: number, known: KnownTemplate): void {
    this.#known.splice(index, 1);
    this.#known.unshift(known);
  }

  #addReading(series: number, row: MatchedRow, line: number): boolean {
    const time = this.#time.read(row.time);
    // NaN is neither.
    if (!(time >= EARLIEST && time <= this.#latest)) return false;
    const volume = volumeFields(row.volume);
    if (volume === null) return false;
    let values = this.#time.unusual + VALUE_SEPARATOR + volume.unusual;
    for (const telling of row.tellings) values += VALUE_SEPARATOR + telling;
    this.#lines.add(
      `${series}\t${time}\t${volume.digits}\t${volume.scale}\t${row.messageId}\t${values}\t${line}\n`,
    );
    return true;
  }
}

interface VolumeFields {
  digits: string;
  /** How many of the digits stand after the point. */
  scale: number;
  unusual: string;
}

const fields: VolumeFields = { digits: '', scale: 0, unusual: '' };

/** Of a JSON number; null when it is negative, in exponents or longer than a BIGINT. Valid until the next call. */
function volumeFields(text: string): VolumeFields | null {
  if (text.charCodeAt(0) === MINUS) return null;
  let point = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === POINT) point = at;
    else if (code < 48 || code > 57) return null;
  }
  if (text.length > VOLUME_DIGITS_MAX) return null;
  fields.scale = point === -1 ? 0 : text.length - point - 1;
  fields.digits = point === -1 ? text : text.slice(0, point) + text.slice(point + 1);
  fields.unusual = point === -1 && text.length <= 15 ? '' : text;
  return fields;
}
