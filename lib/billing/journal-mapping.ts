import { parse } from 'yaml';
import * as z from 'zod';
import { missingOr, objectOf } from '../rating/fields.ts';
import { readDocument } from '../rating/validate.ts';

export const JOURNAL_FIELDS = [
  'document',
  'line',
  'lines',
  'date',
  'period',
  'fiscalYear',
  'fiscalPeriod',
  'reference',
  'team',
  'teamName',
  'costCentre',
  'purchaseOrder',
  'account',
  'debit',
  'credit',
  'amount',
  'currency',
  'text',
  'measure',
  'region',
  'project',
  'class',
  'rule',
] as const;
export type JournalField = (typeof JOURNAL_FIELDS)[number];

export const GROUP_FIELDS = ['measure', 'region', 'project', 'class', 'rule'] as const;
export type GroupField = (typeof GROUP_FIELDS)[number];

const PLACEHOLDER = /\{([^{}]*)\}/g;
const text = z.string({ error: missingOr('must be text') });
const template = text.refine(
  (value) =>
    [...value.matchAll(PLACEHOLDER)].every(([, name]) =>
      JOURNAL_FIELDS.some((field) => field === name),
    ),
  `may name in braces only ${JOURNAL_FIELDS.join(', ')}`,
);

/** A mapping is read without types: numbers and flags are text. */
const limitField = z
  .string()
  .transform(wholeNumber)
  .refine(
    (value) => Number.isInteger(value) && value >= 2 && value <= 100_000,
    'must be a whole number from 2 to 100000',
  );

const flagField = z.enum(['true', 'false']).transform((value) => value === 'true');

const DEFAULT_COLUMNS = [
  { name: 'document_id', value: '{document}' },
  { name: 'line_no', value: '{line}' },
  { name: 'posting_date', value: '{date}' },
  { name: 'fiscal_year', value: '{fiscalYear}' },
  { name: 'fiscal_period', value: '{fiscalPeriod}' },
  { name: 'cost_centre', value: '{costCentre}' },
  { name: 'gl_account', value: '{account}' },
  { name: 'debit', value: '{debit}' },
  { name: 'credit', value: '{credit}' },
  { name: 'currency', value: '{currency}' },
  { name: 'text', value: '{text}' },
  { name: 'reference', value: '{reference}' },
  { name: 'purchase_order', value: '{purchaseOrder}' },
];

/** How a ledger wants its journal: JSON or YAML, all with defaults. */
const mappingSchema = objectOf({
  columns: z
    .array(objectOf({ name: text.min(1, 'must not be empty'), value: template }))
    .min(1, 'must have at least one column')
    .default(DEFAULT_COLUMNS),
  accounts: objectOf({
    /** Where no measure and no team says another. */
    expense: text.default(''),
    byMeasure: z.record(z.string(), text).default({}),
    /** The balancing line: who gets what the teams pay. */
    recovery: text.default(''),
    recoveryCostCentre: text.default(''),
  }).prefault({}),
  /** What of a bill is one line of the journal. */
  groupBy: z.array(z.enum(GROUP_FIELDS)).default(['measure']),
  text: template.default('{period} {team} {measure}'),
  textLength: limitField.default(50),
  dateFormat: z.enum(['YYYY-MM-DD', 'YYYYMMDD', 'DD.MM.YYYY', 'MM/DD/YYYY']).default('YYYY-MM-DD'),
  /** Lines of a document, the balancing one included. */
  lineLimit: limitField.default(999),
  separator: z.enum([',', ';']).default(','),
  bom: flagField.default(false),
});

export type JournalMapping = z.output<typeof mappingSchema>;

/**
 * Reads a mapping in YAML or JSON; without any text it is the default.
 *
 * @throws ProblemError `invalid`, with a pointer to each fault
 */
export function readJournalMapping(source: string): JournalMapping {
  // Without types: account 0400 keeps its zero.
  const document: unknown = source.trim() === '' ? {} : parse(source, { schema: 'failsafe' });
  return readDocument(mappingSchema, document, 'The mapping');
}

export function filled(value: string, fields: Readonly<Record<JournalField, string>>): string {
  return value.replaceAll(PLACEHOLDER, (_, name: JournalField) => fields[name]);
}

/** 0, which is below every limit, for what is no whole number. */
function wholeNumber(text: string): number {
  return /^\d+$/.test(text.trim()) ? Number.parseInt(text, 10) : 0;
}
