import { dayOfInstant, sumOf } from '../exported-figures.ts';
import { type ExportedDocument, type ExportedLine, isAdjustment } from '../exported-month.ts';
import { grouped } from './figures-text.ts';
import type { Paper, Tag } from './paper.ts';
import { FACE } from './pen.ts';
import { type CellText, drawTable, type TableColumn } from './table.ts';

type LineColumn = TableColumn<ExportedLine>;

const QUANTITY: LineColumn = {
  title: 'Quantity',
  width: 92,
  align: 'right',
  cell: ({ quantity, unit = '', unusedQuantity: unused }) => ({
    text: grouped(quantity),
    below: [unit, unused === undefined ? '' : `${grouped(unused)} of it not used`],
  }),
};
const MEASURE: LineColumn = {
  title: 'Measure',
  width: 78,
  cell: ({ measure, class: kind }) => ({ text: measure, below: [kind] }),
};

function amountColumn(currency: string): LineColumn {
  return {
    title: `Amount ${currency}`,
    width: 75.28,
    align: 'right',
    cell: ({ amount, projectedAmount, reason }) => ({
      text: grouped(amount),
      below: [
        projectedAmount === undefined ? '' : `${grouped(projectedAmount)} at month's end`,
        reason === undefined ? '' : reason.replace('-', ' '),
      ],
    }),
  };
}

const USAGE: readonly LineColumn[] = [
  { title: 'Project', width: 118, cell: projectText },
  { title: 'Region', width: 56, cell: ({ region }) => ({ text: region }) },
  MEASURE,
  { title: 'Rule, rate card', width: 92, cell: ruleText },
  QUANTITY,
];
const ADJUSTMENTS: readonly LineColumn[] = [
  { title: 'Adjustment', width: 266, cell: adjustmentText },
  MEASURE,
  QUANTITY,
];

/** The name and below it the id, which tells it from another of that name. */
function projectText({ project, projectName }: ExportedLine): CellText {
  if (projectName === undefined || projectName === project) return { text: project };
  return { text: projectName, below: [project] };
}

/** Why, and who wrote it. */
function adjustmentText({ rule, oneOff }: ExportedLine): CellText {
  if (oneOff === undefined) return { text: rule };
  const { reason, author } = oneOff;
  const by = author === undefined ? '' : `by ${author.actor}, ${dayOfInstant(author.at)}`;
  return { text: rule, below: [reason, by] };
}

function ruleText({ rule, card, band }: ExportedLine): CellText {
  return { text: rule, below: [band === 0 ? card : `${card}, band ${band}`] };
}

/** Usage, adjustments, and what each comes to. */
export function drawLines(
  paper: Paper,
  section: Tag,
  { lines, total }: ExportedDocument,
  currency: string,
): void {
  const groups = [
    { name: 'Usage', columns: USAGE, rows: lines.filter((line) => !isAdjustment(line)) },
    { name: 'Adjustments', columns: ADJUSTMENTS, rows: lines.filter(isAdjustment) },
  ].filter(({ rows }) => rows.length > 0);
  const sums: (readonly [string, string])[] = [];
  for (const { name, columns, rows } of groups) {
    paper.down(12);
    if (paper.room() < 80) paper.page();
    paper.paragraph(section, name, { face: FACE.heading, type: 'H2' });
    paper.down(2);
    drawTable(paper, section, { columns: [...columns, amountColumn(currency)], rows });
    const amounts = rows.map(({ amount }) => amount);
    sums.push([name, sumOf(amounts, total)]);
  }
  drawSums(paper, section, {
    sums: groups.length > 1 ? sums : [],
    total: [`Total ${currency}`, total],
  });
}

function drawSums(
  paper: Paper,
  section: Tag,
  {
    sums,
    total,
  }: {
    readonly sums: readonly (readonly [string, string])[];
    readonly total: readonly [string, string];
  },
): void {
  const rows = [...sums, total];
  if (paper.room() < rows.length * 16 + 20) paper.page();
  paper.down(8);
  const table = paper.group(section, 'Table');
  for (const row of rows) drawSum(paper, table, { row, isTotal: row === total });
  table.end();
}

function drawSum(
  paper: Paper,
  table: Tag,
  {
    row: [label, amount],
    isTotal,
  }: { readonly row: readonly [string, string]; readonly isTotal: boolean },
): void {
  const face = isTotal ? FACE.heading : FACE.text;
  const figure = paper.pen.line(grouped(amount), face);
  const name = paper.pen.line(label, face);
  const right = paper.left + paper.width;
  paper.down(16);
  const tr = paper.group(table, 'TR');
  const x = Math.min(right - 190, right - figure.width - name.width - 12);
  paper.tag(tr, 'TH', () => paper.pen.write(name, face, { x, y: paper.y() }), 'Row');
  paper.tag(tr, 'TD', () =>
    paper.pen.write(figure, face, { x: right - figure.width, y: paper.y() }),
  );
  tr.end();
}
