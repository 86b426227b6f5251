import * as z from 'zod';
import { contract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { billLine } from './bill-shapes.ts';
import { PDF_TYPE, XLSX_TYPE } from './bills.ts';
import { count, decimalText, month, noParams, page } from './shared.ts';

const noteLine = billLine
  .omit({ projectedAmount: true })
  .extend({
    quantity: decimalText.describe('The difference: true now, less billed and corrected before.'),
    amount: decimalText.describe('The difference.'),
    reason: z
      .enum(['late-usage', 'teams', 'prices', 'adjustments'])
      .describe(
        'late-usage: usage came or was withdrawn since; teams: it belongs to another team; prices: cards, rates or pools changed; adjustments: an adjustment changed, or follows from lines that did.',
      ),
  })
  .meta({ title: 'NoteLine' });

/** Notes with more lines are listed without them: each is told by its number. */
export const MAX_LISTED_LINES = 200;

const note = z
  .strictObject({
    number: z.string().nullable().describe('Of an issued note: N2026-000001.'),
    state: z.enum(['draft', 'issued']),
    kind: z.enum(['credit', 'debit']),
    period: z.string().describe('The month whose bills it goes out with.'),
    team: z.string(),
    currency: z.string(),
    total: decimalText.describe('What the team owes more (less, when negative) for that bill.'),
    corrects: z.strictObject({
      period: z.string(),
      number: z.string().nullable().describe('The bill; null when the team had none.'),
      sha256: z.string().nullable().describe('Of that bill.'),
    }),
    sha256: z.string().describe('Of its canonical JSON (RFC 8785), without number and dates.'),
    lineCount: count,
    lines: z
      .array(noteLine)
      .nullable()
      .describe(`In a list null when there are more than ${MAX_LISTED_LINES}.`),
  })
  .meta({ title: 'Note' });

export const listNotes = contract({
  key: 'GET /v1/notes',
  servedBy: 'read',
  operationId: 'listNotes',
  summary: 'Credit and debit notes that go out with the bills of a month',
  description:
    'They correct issued bills of earlier months, which never change themselves: a team owes its bill and its notes. Drafts stand with the draft of the month.',
  tag: 'Bills',
  params: noParams,
  query: z.strictObject({ period: month, ...pageQuery }),
  body: null,
  responses: {
    200: { description: 'A page of notes, by corrected month and team.', schema: page(note) },
  },
  problems: [],
});

export const getNote = contract({
  key: 'GET /v1/notes/{number}',
  servedBy: 'render',
  operationId: 'getNote',
  summary: 'An issued note, with all its lines',
  tag: 'Bills',
  params: z.strictObject({
    number: z.string().regex(/^N\d{4}-\d{6,}$/, 'Not the number of a note: such as N2026-000001.'),
  }),
  query: z.strictObject({
    format: z
      .enum(['json', 'xlsx', 'pdf'])
      .optional()
      .describe('Instead of the Accept header: json (default), xlsx or pdf.'),
  }),
  body: null,
  responses: {
    200: { description: 'The note.', otherTypes: [XLSX_TYPE, PDF_TYPE], schema: note },
  },
  problems: [404, 406, 422],
});
