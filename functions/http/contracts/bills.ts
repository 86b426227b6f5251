import * as z from 'zod';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { appliedRate, billHead, billLine, projectedRange, unratedRow } from './bill-shapes.ts';
import { count, decimalText, instant, month, noParams, page, teamId } from './shared.ts';

const format = z
  .enum(['json', 'csv'])
  .optional()
  .describe('Instead of the Accept header: json (default) or csv.');
const documentFormat = z
  .enum(['json', 'csv', 'xlsx', 'pdf', 'focus'])
  .optional()
  .describe(
    'Instead of the Accept header: json (default), csv, xlsx, pdf, or focus (FOCUS 1.2 as CSV); the last three with the notes.',
  );

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
export const PDF_TYPE = 'application/pdf';
const OTHER_TYPES = ['text/csv', XLSX_TYPE, PDF_TYPE];

/** Bills with more lines come without them: they page under /lines. */
export const MAX_INLINE_LINES = 5_000;
export const MAX_UNRATED = 10_000;

export const listBills = contract({
  key: 'GET /v1/bills',
  servedBy: 'render',
  operationId: 'listBills',
  summary: "A month's bills by team, and what no rate card prices",
  description:
    'The latest revision: the issued bills, else the draft of the last close, else the estimate. As CSV: all lines of all teams.',
  tag: 'Bills',
  params: noParams,
  query: z.strictObject({ period: month, format: documentFormat, ...pageQuery }),
  body: null,
  responses: {
    200: {
      description: 'The bills, without their lines.',
      otherTypes: OTHER_TYPES,
      schema: z.strictObject({
        period: z.string(),
        currency: z.string(),
        state: z.enum(['estimate', 'draft', 'issued']),
        revision: count.describe('0 for the estimate; rises with each close.'),
        sha256: z.string().nullable().describe('Over all bills of the revision.'),
        total: decimalText.describe('Over all teams, not this page alone.'),
        projectedTotal: decimalText
          .nullable()
          .describe("Of an estimate: what all teams' bills are to come to by the month's end."),
        projectedRange: projectedRange
          .nullable()
          .describe(
            'Of an estimate: of all teams together, so narrower than the sums of theirs; null as in `items`.',
          ),
        items: z.array(z.strictObject(billHead)),
        nextCursor: z.string().nullable(),
        unrated: z
          .array(unratedRow)
          .describe(`Usage that no rule prices; its first ${MAX_UNRATED} rows.`),
        unratedCount: count,
      }),
    },
  },
  problems: [404, 406, 422],
});

export const getBill = contract({
  key: 'GET /v1/bills/{period}/{team}',
  servedBy: 'render',
  operationId: 'getBill',
  summary: "A team's bill of a month, with its lines",
  tag: 'Bills',
  params: z.strictObject({ period: month, team: teamId }),
  query: z.strictObject({ format: documentFormat }),
  body: null,
  responses: {
    200: {
      description: 'The bill.',
      otherTypes: OTHER_TYPES,
      schema: z.strictObject({
        period: z.string(),
        currency: z.string(),
        revision: count,
        ...billHead,
        generatedAt: instant,
        billedTo: z
          .strictObject({
            name: z.string().optional(),
            costCentre: z.string().optional(),
            glAccount: z.string().optional(),
            purchaseOrder: z.string().optional(),
            owner: z.string().optional(),
            contact: z.string().optional(),
          })
          .describe('The team as it was at the close; of an estimate, as it is.'),
        projectionMethod: z
          .enum(['daily-level', 'run-rate'])
          .nullable()
          .describe(
            'Of an estimate: `daily-level`, by how its days went; `run-rate`, by the hours, until three days have passed.',
          ),
        elapsedHours: count.nullable().describe('Of an estimate: hours that it covers.'),
        hoursInMonth: count.nullable(),
        exchangeRates: z
          .array(appliedRate)
          .describe('Rates that amounts were converted at; mostly none.'),
        lines: z
          .array(billLine)
          .nullable()
          .describe(`Null when there are more than ${MAX_INLINE_LINES}: see /lines.`),
      }),
    },
  },
  problems: [404, 406, 422],
});

export const listBillLines = contract({
  key: 'GET /v1/bills/{period}/{team}/lines',
  servedBy: 'read',
  operationId: 'listBillLines',
  summary: 'The lines of a bill, page by page, in the order of the bill',
  tag: 'Bills',
  params: z.strictObject({ period: month, team: teamId }),
  query: z.strictObject({ format, ...pageQuery }),
  body: null,
  responses: {
    200: { description: 'A page of lines.', otherTypes: ['text/csv'], schema: page(billLine) },
  },
  problems: [404, 406],
});
