import { PLACE, VALUE_SEPARATOR } from '../../ingest/row-values.ts';

/** How the lake writes a time that `row_values` leaves out, and a volume. */
const USUAL_TIME = `CASE WHEN epoch_us(time) % 1000000 = 0 THEN strftime(time, '%Y-%m-%dT%H:%M:%S') ELSE strftime(time, '%Y-%m-%dT%H:%M:%S.%f') END`;
const USUAL_VOLUME = `volume::DECIMAL(38,0)::VARCHAR`;

/** What a query calls the meter and the type of the row itself, which are the lake's as a rule. */
interface RowColumns {
  readonly meter: string;
  readonly type: string;
}

function valuesOf({
  meter,
  type,
}: RowColumns): readonly (readonly [place: string, value: string])[] {
  return [
    [PLACE.messageId, 'message_id'],
    [PLACE.time, `coalesce(nullif(${valueAt(1)}, ''), ${USUAL_TIME})`],
    [PLACE.volume, `coalesce(nullif(${valueAt(2)}, ''), ${USUAL_VOLUME})`],
    ...PLACE.tellings.map((place, index) => [place, valueAt(index + 3)] as const),
    [PLACE.project, 'project'],
    [PLACE.userId, 'user_id'],
    [PLACE.resource, 'resource'],
    [PLACE.meter, meter],
    [PLACE.type, type],
    [PLACE.unit, 'unit'],
    [PLACE.source, 'source'],
  ];
}

function valueAt(position: number): string {
  return `split_part(row_values, chr(${VALUE_SEPARATOR.charCodeAt(0)}), ${position})`;
}

/**
 * The text that a column of the lake, `row_head` or `row_tail`, stands for: the row as received is the one,
 * `metadata` and the other. Parts of before have it in full, and no `row_values`.
 */
export function asReceived(
  column: 'row_head' | 'row_tail',
  columns: RowColumns = { meter: 'meter', type: 'type' },
): string {
  const text = valuesOf(columns).reduce(
    (inner, [place, value]) =>
      `replace(${inner}, chr(${place.charCodeAt(0)}), coalesce(${value}, ''))`,
    column as string,
  );
  return `CASE WHEN row_values IS NULL THEN ${column} ELSE ${text} END`;
}
