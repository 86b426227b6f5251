import type { UnratedLine } from '../../bill.ts';
import { unitOf } from '../exported-figures.ts';
import { numberCell, textCell } from './cell.ts';
import type { Sheet } from './workbook.ts';

/** Usage that no rule prices: it is in no amount. */
export function unratedSheet(unrated: readonly UnratedLine[]): Sheet {
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
      textCell(unitOf(row.measure)),
    ]),
    filtered: unrated.length,
  };
}
