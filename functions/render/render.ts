import type { ExportedMonth } from '../../lib/billing/export/exported-month.ts';
import type { PdfFonts } from '../../lib/billing/export/pdf/typefaces.ts';
import { standingExport } from '../../lib/closing/standing-export.ts';
import { ProblemError } from '../../lib/errors.ts';
import { getBill, listBills, PDF_TYPE, XLSX_TYPE } from '../http/contracts/bills.ts';
import { getNote } from '../http/contracts/notes.ts';
import { preferredFormat } from '../http/negotiation.ts';
import { httpProblem } from '../http/problem.ts';
import { attachment, type Reply } from '../http/reply.ts';
import { httpHandler, type Implementation, implement, type RouterOptions } from '../http/router.ts';
import { type BillPorts, billReply, billsReply } from '../read/bills.ts';
import { issuedNote, noteReply } from '../read/notes.ts';

export interface RenderPorts extends BillPorts {
  readonly fonts: () => PdfFonts;
}

/** What is as large takes longer to lay out than the API waits. */
const PDF_LINES_MAX = 6_000;

const BILL_FORMATS = ['json', 'csv', 'xlsx', 'pdf'] as const;

/** Bills and notes, each in every format that can be answered at once. */
export function renderRoutes(ports: RenderPorts): Implementation[] {
  return [
    implement(listBills, async (request) => {
      const { query, headers, requestId } = request;
      const format = preferredFormat(query.format, headers['accept'], BILL_FORMATS);
      if (format === null) return notAcceptable(requestId);
      if (format !== 'xlsx' && format !== 'pdf') return billsReply(ports, request, format);
      const { month } = await standingExport(ports, { period: query.period, team: null });
      return fileReply(ports, { month, format, name: `bills-${query.period}` });
    }),
    implement(getBill, async (request) => {
      const { params, query, headers, requestId } = request;
      const format = preferredFormat(query.format, headers['accept'], BILL_FORMATS);
      if (format === null) return notAcceptable(requestId);
      if (format !== 'xlsx' && format !== 'pdf') return billReply(ports, request, format);
      const { month } = await standingExport(ports, params);
      return fileReply(ports, { month, format, name: `bill-${params.period}-${params.team}` });
    }),
    implement(getNote, async ({ params: { number }, query, headers, requestId }) => {
      const format = preferredFormat(query.format, headers['accept'], ['json', 'xlsx', 'pdf']);
      if (format === null) return notAcceptable(requestId);
      if (format === 'json') return noteReply(ports, number);
      const { note, period } = await issuedNote(ports, number);
      const { month } = await standingExport(ports, { period, team: note.note.team });
      const documents = month.documents.filter((one) => one.number === number);
      const alone = { ...month, documents, unrated: [] };
      return fileReply(ports, { month: alone, format, name: `note-${number}` });
    }),
  ];
}

/** API Gateway HTTP API, payload format 2.0. */
export function renderHandler(ports: RenderPorts, logError: RouterOptions['logError']) {
  return httpHandler({ implementations: renderRoutes(ports), logError });
}

/** The writers are loaded by the first file that is asked for: bills as JSON do not wait for them. */
async function fileReply(
  { fonts }: Pick<RenderPorts, 'fonts'>,
  {
    month,
    format,
    name,
  }: { readonly month: ExportedMonth; readonly format: 'xlsx' | 'pdf'; readonly name: string },
): Promise<Reply> {
  if (format === 'xlsx') {
    const { billsXlsx } = await import('../../lib/billing/export/xlsx/bills-xlsx.ts');
    return attachment(billsXlsx(month), XLSX_TYPE, `${name}.xlsx`);
  }
  const lineCount = month.documents.reduce((count, { lines }) => count + lines.length, 0);
  if (lineCount > PDF_LINES_MAX) {
    throw new ProblemError(
      'refused',
      `These bills have ${lineCount} lines, more than can be laid out while you wait (${PDF_LINES_MAX}): ask for one team's, or export them (POST /v1/periods/${month.period}/exports).`,
    );
  }
  const { billsPdf } = await import('../../lib/billing/export/pdf/bills-pdf.ts');
  return attachment(await billsPdf(month, fonts()), PDF_TYPE, `${name}.pdf`);
}

function notAcceptable(requestId: string): Reply {
  return httpProblem(
    406,
    `These are given as application/json, ${XLSX_TYPE} or ${PDF_TYPE}, and bills as text/csv too.`,
    { requestId },
  );
}
