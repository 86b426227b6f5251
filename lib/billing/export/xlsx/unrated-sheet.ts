import type { ExportedMonth } from '../exported-month.ts';
import { numberCell, textCell } from './cell.ts';
import type { Sheet } from './workbook.ts';

/** Usage that no rule prices: it is in no amount. */
export function unratedSheet(unrated: ExportedMonth['unrated']): Sheet {
  return {
    name: 'Unrated',
    columns: [
      { title: 'team', width: 18 },
      { title: 'region', width: 10 },
      { title: 'project', width: 34 },
      { title: 'measure', width: 12 },
      { title: 'class', width: 14 },
      { title: 'quantity', width: 18 },
      { title: 'quantity_exact', width: 22 },
      { title: 'unit', width: 12 },
    ],
    rows: unrated.map((row) => [
      textCell(row.team),
      textCell(row.region),
      textCell(row.project),
      textCell(row.measure),
      textCell(row.class),
      numberCell(row.quantity),
      textCell(row.quantity),
      textCell(row.unit ?? ''),
    ]),
    filtered: unrated.length,
  };
}
