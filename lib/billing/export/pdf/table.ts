import type { Paper, Tag } from './paper.ts';
import { FACE, type Face, LEADING, type SetLine } from './pen.ts';

/** What stands in a cell: a text, and what is said of it in smaller letters below. */
export interface CellText {
  readonly text: string;
  readonly below?: readonly string[];
}

export interface TableColumn<Row> {
  readonly title: string;
  /** In points, with the gap to the next. */
  readonly width: number;
  readonly align?: 'right';
  readonly cell: (row: Row) => CellText;
}

interface PlacedLine {
  readonly line: SetLine;
  readonly face: Face;
}

const GAP = 8;
const PADDING = 3;

/**
 * A table that goes on over pages, its header repeated on each. A row is never cut in two.
 */
export function drawTable<Row>(
  paper: Paper,
  parent: Tag,
  {
    columns,
    rows,
  }: { readonly columns: readonly TableColumn<Row>[]; readonly rows: readonly Row[] },
): void {
  const table = paper.group(parent, 'Table');
  if (paper.room() < 60) paper.page();
  drawHeader(paper, columns, table);
  for (const row of rows) {
    const cells = columns.map((column) => cellLines(paper, column, column.cell(row)));
    const height = Math.max(...cells.map(heightOf)) + 2 * PADDING;
    if (paper.room() < height) {
      paper.page();
      drawHeader(paper, columns, null);
    }
    const tr = paper.group(table, 'TR');
    drawCells(paper, columns, { cells, draw: (write) => paper.tag(tr, 'TD', write) });
    tr.end();
    paper.down(height);
    paper.decorate(() => paper.rule(paper.y(), paper.width, '#e5e7eb'));
  }
  table.end();
}

/** The header is read out once: on later pages it is decoration. */
function drawHeader<Row>(
  paper: Paper,
  columns: readonly TableColumn<Row>[],
  table: Tag | null,
): void {
  const cells = columns.map(({ title, width }): PlacedLine[] =>
    paper.pen
      .wrap(title, FACE.cellHead, width - GAP)
      .map((line) => ({ line, face: FACE.cellHead })),
  );
  const tr = table === null ? null : paper.group(table, 'TR');
  drawCells(paper, columns, {
    cells,
    draw: (write) => (tr === null ? paper.decorate(write) : paper.tag(tr, 'TH', write, 'Column')),
  });
  tr?.end();
  paper.down(Math.max(...cells.map(heightOf)) + 2 * PADDING);
  paper.decorate(() => paper.rule(paper.y(), paper.width));
}

function drawCells<Row>(
  paper: Paper,
  columns: readonly TableColumn<Row>[],
  {
    cells,
    draw,
  }: { readonly cells: readonly PlacedLine[][]; readonly draw: (write: () => void) => void },
): void {
  let left = paper.left;
  for (const [index, { width, align }] of columns.entries()) {
    const x = left;
    const isLast = index === columns.length - 1;
    const right = x + width - (isLast ? 0 : GAP);
    draw(() => {
      let y = paper.y() + PADDING;
      for (const { line, face } of cells[index] ?? []) {
        y += face.size * LEADING;
        const start = align === 'right' ? right - line.width : x;
        paper.pen.write(line, face, { x: start, y: y - face.size * 0.3 });
      }
    });
    left += width;
  }
}

function cellLines<Row>(paper: Paper, column: TableColumn<Row>, cell: CellText): PlacedLine[] {
  const width = column.width - GAP;
  const set = (text: string, face: Face) =>
    text === '' ? [] : paper.pen.wrap(text, face, width).map((line) => ({ line, face }));
  const { text, below = [] } = cell;
  return [...set(text, FACE.cell), ...below.flatMap((one) => set(one, FACE.small))];
}

function heightOf(lines: readonly PlacedLine[]): number {
  return lines.reduce((sum, { face }) => sum + face.size * LEADING, 0);
}
