import type { Month } from '../../../period/calendar.ts';
import { dayOfInstant } from '../exported-figures.ts';
import { type ExportedDocument, type ExportedMonth, titleOf } from '../exported-month.ts';
import { verifyText } from '../verify-text.ts';
import { drawFacts, type Fact } from './facts.ts';
import { daysText, grouped, monthName } from './figures-text.ts';
import { drawLines } from './line-tables.ts';
import type { Paper, Tag } from './paper.ts';
import { FACE } from './pen.ts';

/** A bill or a note on pages of its own. */
export function drawDocument(paper: Paper, month: ExportedMonth, document: ExportedDocument): void {
  const { wording, currency, period } = month;
  const title = titleOf(document);
  const name = document.billedTo.name ?? document.team;
  const section = paper.part(
    `${title} · ${name}`,
    `${title} · ${period} · ${name} · SHA-256 ${document.sha256.slice(0, 16)}`,
  );
  if (wording.issuer !== '') paper.paragraph(section, wording.issuer, { face: FACE.strong });
  paper.paragraph(section, title, { face: FACE.title, type: 'H1' });
  paper.paragraph(section, `${name}, ${monthName(document.corrects?.period ?? period)}`);
  for (const remark of remarksOf(document, currency)) {
    paper.paragraph(section, remark, { face: FACE.strong });
  }
  paper.down(10);
  drawFacts(paper, section, [addresseeFacts(document), documentFacts(document, month)]);
  drawLines(paper, section, document, currency);
  drawClosing(paper, section, { month, document });
  section.end();
}

function projectionText(projection: ExportedDocument['projection'], currency: string): string {
  if (projection === null) return '';
  const { total, range } = projection;
  const between =
    range === null
      ? ''
      : `, in eight cases of ten to between ${grouped(range.p10)} and ${grouped(range.p90)}`;
  return ` By its end the month comes to ${grouped(total)} ${currency}${between}.`;
}

/** What nobody may overlook. */
function remarksOf(
  { state, kind, projection, corrects }: ExportedDocument,
  currency: string,
): string[] {
  const remarks: string[] = [];
  if (state === 'draft') remarks.push('Draft: not issued. Amounts may change until it is.');
  if (state === 'estimate') {
    const { elapsedHours = 0, hoursInMonth = 0 } = projection ?? {};
    remarks.push(
      `Estimate of ${elapsedHours} of ${hoursInMonth} hours, not a bill.${projectionText(projection, currency)}`,
    );
  }
  if (corrects !== null) {
    const bill =
      corrects.number === null
        ? `of ${monthName(corrects.period)}, when there was no bill`
        : `bill ${corrects.number} of ${monthName(corrects.period)}`;
    remarks.push(
      `Corrects ${bill}: ${kind === 'credit' ? 'less' : 'more'} is owed by the total below.`,
    );
  }
  return remarks;
}

function addresseeFacts({ billedTo, team }: ExportedDocument): Fact[] {
  const {
    name = '',
    costCentre = '',
    glAccount = '',
    purchaseOrder = '',
    owner = '',
    contact = '',
  } = billedTo;
  return told([
    ['Billed to', name === '' ? team : name],
    ['Team', name === '' ? '' : team],
    ['Cost centre', costCentre],
    ['GL account', glAccount],
    ['Purchase order', purchaseOrder],
    ['Owner', owner],
    ['Contact', contact],
  ]);
}

function documentFacts(
  document: ExportedDocument,
  { period, revision, currency }: ExportedMonth,
): Fact[] {
  const { number, state, issuedAt, corrects, exchangeRates } = document;
  const states = { estimate: 'Estimate', draft: 'Draft', issued: 'Issued' };
  return told([
    ['Number', number ?? ''],
    ['State', states[state]],
    ['Issue date', issuedAt === null ? '' : dayOfInstant(issuedAt)],
    ['Period', daysText(corrects?.period ?? period)],
    ['Goes out with', corrects === null ? '' : monthName(period)],
    ['Corrects', corrects === null ? '' : (corrects.number ?? noBill(corrects.period))],
    ['Revision', revision === 0 ? '' : String(revision)],
    ['Currency', currency],
    ...exchangeRates.map(
      ({ from, to, rate, date }): Fact => [
        'Exchange rate',
        `1 ${from} = ${rate} ${to}, rate of ${date}`,
      ],
    ),
  ]);
}

function noBill(period: Month): string {
  return `no bill of ${period}`;
}

function told(facts: readonly Fact[]): Fact[] {
  return facts.filter(([, value]) => value !== '');
}

function drawClosing(
  paper: Paper,
  section: Tag,
  { month, document }: { readonly month: ExportedMonth; readonly document: ExportedDocument },
): void {
  const { corrects, sha256, team } = document;
  paper.down(14);
  if (month.wording.statement !== '')
    paper.paragraph(section, month.wording.statement, { face: FACE.strong });
  paper.paragraph(section, `SHA-256: ${sha256}`, { face: FACE.label });
  if (corrects !== null && corrects.sha256 !== null) {
    paper.paragraph(section, `SHA-256 of the bill that it corrects: ${corrects.sha256}`, {
      face: FACE.label,
    });
  }
  paper.paragraph(section, verifyText({ ...month, team }), { face: FACE.label });
}
