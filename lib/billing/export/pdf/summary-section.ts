import { sumOf } from '../exported-figures.ts';
import { type ExportedDocument, type ExportedMonth, titleOf } from '../exported-month.ts';
import { daysText, grouped, monthName } from './figures-text.ts';
import type { Paper } from './paper.ts';
import { FACE } from './pen.ts';
import { drawTable, type TableColumn } from './table.ts';

const COLUMNS: readonly TableColumn<ExportedDocument>[] = [
  {
    title: 'Document',
    width: 128,
    cell: (one) => ({ text: titleOf(one), below: [correctedText(one)] }),
  },
  { title: 'Team', width: 176, cell: teamText },
  {
    title: 'Cost centre',
    width: 92,
    cell: ({ billedTo }) => ({ text: billedTo.costCentre ?? '' }),
  },
  {
    title: 'Lines',
    width: 40,
    align: 'right',
    cell: ({ lines }) => ({ text: String(lines.length) }),
  },
];

/** What the file has: every document with its total, and their sum. */
export function drawSummary(paper: Paper, month: ExportedMonth): void {
  const { documents, period, currency, wording, unrated } = month;
  const section = paper.part(`Bills of ${monthName(period)}`, `Bills of ${monthName(period)}`);
  if (wording.issuer !== '') paper.paragraph(section, wording.issuer, { face: FACE.strong });
  paper.paragraph(section, `Bills of ${monthName(period)}`, { face: FACE.title, type: 'H1' });
  paper.paragraph(section, `${daysText(period)}, ${currency}`);
  if (unrated.length > 0) {
    paper.paragraph(
      section,
      `No rule prices ${unrated.length === 1 ? 'one row' : `${unrated.length} rows`} of usage: it is in no bill.`,
      { face: FACE.strong },
    );
  }
  paper.down(10);
  const total: TableColumn<ExportedDocument> = {
    title: `Total ${currency}`,
    width: 75.28,
    align: 'right',
    cell: (one) => ({ text: grouped(one.total) }),
  };
  drawTable(paper, section, { columns: [...COLUMNS, total], rows: documents });
  const sum = sumOf(
    documents.map((one) => one.total),
    documents[0]?.total ?? '0',
  );
  paper.down(6);
  paper.paragraph(section, `Total of all documents: ${grouped(sum)} ${currency}`, {
    face: FACE.heading,
  });
  if (wording.statement !== '') paper.paragraph(section, wording.statement);
  section.end();
}

function teamText({ billedTo, team }: ExportedDocument) {
  const { name } = billedTo;
  return name === undefined || name === team ? { text: team } : { text: name, below: [team] };
}

function correctedText({ corrects }: ExportedDocument): string {
  return corrects === null ? '' : `on ${corrects.number ?? corrects.period}`;
}
