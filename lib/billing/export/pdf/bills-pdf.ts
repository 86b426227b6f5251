import { type ExportedMonth, titleOf } from '../exported-month.ts';
import { drawDocument } from './bill-section.ts';
import { endOf, monthName } from './figures-text.ts';
import { paper } from './paper.ts';
import { drawSummary } from './summary-section.ts';
import type { PdfFonts } from './typefaces.ts';

/**
 * The documents of a month as one PDF, tagged for screen readers, with a page of totals before them where it is of all
 * teams. Each document counts its own pages. The same month gives the same bytes.
 */
export async function billsPdf(month: ExportedMonth, fonts: PdfFonts): Promise<Uint8Array> {
  const { documents, period, team, wording } = month;
  const issued = documents.flatMap(({ issuedAt }) => (issuedAt === null ? [] : [issuedAt]));
  const sheet = paper({
    title: titleOfFile(month),
    author: wording.issuer === '' ? 'Headroom' : wording.issuer,
    date: new Date(issued.toSorted().at(-1) ?? endOf(period)),
    fonts,
  });
  if (team === null || documents.length === 0) drawSummary(sheet, month);
  for (const document of documents) drawDocument(sheet, month, document);
  return await sheet.finish();
}

function titleOfFile({ documents, period, team }: ExportedMonth): string {
  const [only, ...others] = documents;
  if (team === null || only === undefined) return `Bills of ${monthName(period)}`;
  const name = only.billedTo.name ?? only.team;
  if (others.length === 0) return `${titleOf(only)}, ${name}, ${monthName(period)}`;
  return `Bill and notes of ${name}, ${monthName(period)}`;
}
