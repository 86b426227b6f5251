import { formatInstant } from '../../period/instant.ts';
import { partsByDay, type Reading } from '../derived-sample.ts';
import { type DerivedRow, derivedSink } from '../derived-sink.ts';
import { readInstant } from '../reading-rules.ts';
import { excerpt, ObjectRefused, RowRefused } from '../refusal.ts';
import { SEPARATORS, type Separator, splitCsv } from './csv-line.ts';
import type { Format, FormatFile, Recogniser } from './format.ts';

const REQUIRED = ['project', 'resource', 'meter', 'unit', 'volume', 'start'];
const OPTIONAL = ['end', 'class', 'state', 'user', 'name', 'id'];
const COLUMNS = [...REQUIRED, ...OPTIONAL];
/** With so many of its columns a line is the header, if perhaps not a good one. */
const TELLING = ['project', 'resource', 'meter', 'volume'];
const TELLING_MIN = 3;

const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

interface Header {
  readonly text: string;
  readonly separator: Separator;
  readonly columns: readonly string[];
}

/** Usage of whatever kind, as a table: a line is a reading, or one over a period. */
const FORMAT: Format = {
  name: 'csv-usage',
  rowsAreSamples: false,
  open(batch, options) {
    let header: Header | null = null;
    return derivedSink(batch, options, {
      rowsOf(text, line) {
        const found = headerIn(text);
        if (found) {
          checkHeader(found, line);
          header = found;
          return [];
        }
        if (header) return [rowOf(text, header)];
        throw new ObjectRefused(
          'no_header',
          `The table does not start with a header. Name the columns in its first line: ${COLUMNS.join(',')}; those from end on may be left out.`,
        );
      },
    });
  },
};

const recognise: Recogniser = ({ text, value }) =>
  value === undefined && headerIn(text) ? FORMAT : null;

export const CSV_USAGE: FormatFile = { formats: [FORMAT], recognise };

/** Null when the line is no header of such a table. */
function headerIn(text: string): Header | null {
  if (!/meter/i.test(text)) return null;
  for (const separator of SEPARATORS) {
    try {
      const columns = splitCsv(text, separator).map((column) => column.toLowerCase());
      const telling = TELLING.filter((column) => columns.includes(column));
      if (telling.length >= TELLING_MIN) return { text, separator, columns };
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
    }
  }
  return null;
}

/** @throws ObjectRefused */
function checkHeader({ columns }: Header, line: number): void {
  const refuse = (code: string, what: string): never => {
    throw new ObjectRefused(
      code,
      `The header at line ${line} ${what}. The columns are ${REQUIRED.join(', ')}, and if wanted ${OPTIONAL.join(', ')}, in any order.`,
    );
  };
  const unknown = columns.find((column) => !COLUMNS.includes(column));
  if (unknown !== undefined) refuse('unknown_column', `has the column "${excerpt(unknown)}"`);
  const missing = REQUIRED.find((column) => !columns.includes(column));
  if (missing !== undefined) refuse('missing_column', `has no column "${missing}"`);
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined) refuse('column_twice', `has the column "${twice}" twice`);
}

function rowOf(text: string, header: Header): DerivedRow {
  const fields = fieldsOrRefusal(text, header);
  const isRefused = fields instanceof RowRefused;
  return {
    row: JSON.stringify(isRefused ? { line: text } : fields),
    // Sent again with its header it can be read by itself.
    setApart: `${header.text}\n${text}`,
    source: 'csv',
    messageId: isRefused ? '' : (fields['id'] ?? ''),
    readings() {
      if (isRefused) throw fields;
      return readingsOf(fields);
    },
  };
}

type Fields = Readonly<Record<string, string>>;

function fieldsOrRefusal(text: string, { separator, columns }: Header): Fields | RowRefused {
  try {
    const fields = splitCsv(text, separator);
    if (fields.length === columns.length) {
      return Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? '']));
    }
    return new RowRefused(
      'wrong_field_count',
      `The line has ${fields.length} fields, and the header ${columns.length}. Put fields with a "${separator}" into quotes.`,
    );
  } catch (error) {
    if (error instanceof RowRefused) return error;
    throw error;
  }
}

/** @throws RowRefused */
function readingsOf(fields: Fields): Reading[] {
  const of = (column: string) => fields[column] ?? '';
  const { volume = '', start = '', end = '' } = fields;
  if (volume !== '' && !DECIMAL.test(volume)) {
    throw new RowRefused(
      'volume_not_a_number',
      `The volume "${excerpt(volume)}" is no number. Write digits, and a point before decimals.`,
    );
  }
  const reading: Omit<Reading, 'time' | 'heldUntil'> = {
    project: of('project'),
    user: of('user'),
    resource: of('resource'),
    meter: of('meter'),
    unit: of('unit'),
    volume,
    metadata: {
      ...(of('name') === '' ? {} : { display_name: of('name') }),
      ...(of('state') === '' ? {} : { state: of('state') }),
    },
    class: of('class'),
  };
  const time = instantOf(start, 'start');
  if (end === '') return [{ ...reading, time, heldUntil: null }];
  const heldUntil = instantOf(end, 'end');
  if (heldUntil <= time) {
    throw new RowRefused(
      'period_reversed',
      `The period from ${formatInstant(time)} to ${formatInstant(heldUntil)} does not end after it starts. Leave the end empty for a reading of an instant.`,
    );
  }
  return partsByDay(time, heldUntil).map((part) => ({ ...reading, ...part }));
}

function instantOf(text: string, column: string) {
  if (text !== '') return readInstant(text, column);
  throw new RowRefused(
    'timestamp_missing',
    `The line has no ${column}. Write 2026-10-05T10:00:00Z.`,
  );
}
