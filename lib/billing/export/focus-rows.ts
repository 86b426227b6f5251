import { decimalOf, isZero } from '../../decimal/decimal.ts';
import { addMonths, type Month } from '../../period/calendar.ts';
import type { LineTerms } from '../line-terms.ts';
import type { ExportedDocument, ExportedLine, ExportedMonth } from './exported-month.ts';
import { chargesOf, correctionOf } from './focus-charge.ts';
import type { FocusRow } from './focus-columns.ts';
import { focusServiceOf, focusUnit } from './focus-services.ts';

export interface FocusInput {
  readonly month: ExportedMonth;
  /** What each bill's lines follow from, by team; a bill from before it was kept has none. */
  readonly terms: ReadonlyMap<string, readonly LineTerms[]>;
  /** Of what the bills were made from; null for an estimate. */
  readonly manifestSha256: string | null;
  /** What quantities of the measures count: `core-hour`. */
  readonly units: ReadonlyMap<string, string>;
}

/** Where the settings name nobody who bills. */
const NAMELESS_ISSUER = 'OpenStack';

/**
 * The bills and notes of a month as rows of FOCUS 1.2, in the order of their lines: a row a line, and of
 * a commitment one for its purchase, one for what of it was used and one for what was not. The billed
 * costs of a document add up to its total.
 */
export function focusRows(input: FocusInput): FocusRow[] {
  return input.month.documents.flatMap((document) => {
    const terms = document.kind === 'bill' ? input.terms.get(document.team) : undefined;
    const head = headOf(input, document);
    return document.lines.flatMap((line, index) => {
      const own = terms?.[index] ?? assumedTerms(line);
      const rows = rowsOf(input, { document, line, terms: own });
      return rows.map((row) => ({
        ...head,
        ...lineColumns(line, index),
        ...row,
        x_LineKind: document.kind === 'bill' ? own.kind : 'correction',
      }));
    });
  });
}

interface Charged {
  readonly document: ExportedDocument;
  readonly line: ExportedLine;
  readonly terms: LineTerms;
}

function rowsOf({ month, units }: FocusInput, { document, line, terms }: Charged): FocusRow[] {
  const { period, currency } = month;
  const unit = focusUnit(units.get(line.measure) ?? '');
  const charged = { line, period, currency, unit };
  const described = { ChargeDescription: descriptionOf(document, line, terms) };
  if (document.kind === 'bill') {
    return chargesOf({ ...charged, terms }).map((row) => ({ ...described, ...row }));
  }
  return [{ ...described, ...correctionOf(charged) }];
}

function headOf({ month, manifestSha256 }: FocusInput, document: ExportedDocument): FocusRow {
  const { period, currency, revision, wording } = month;
  const { team, billedTo, number, corrects, state, kind, sha256 } = document;
  const issuer = wording.issuer.trim() === '' ? NAMELESS_ISSUER : wording.issuer;
  return {
    ...present({
      BillingAccountName: billedTo.name ?? team,
      InvoiceId: number,
      Tags: tagsOf(document),
      x_CorrectedInvoiceId: corrects?.number,
      x_CostCentre: billedTo.costCentre,
      x_GlAccount: billedTo.glAccount,
      x_PurchaseOrder: billedTo.purchaseOrder,
      x_ManifestSha256: manifestSha256,
    }),
    BillingAccountId: team,
    BillingAccountType: 'Team',
    BillingCurrency: currency,
    BillingPeriodStart: startOf(period),
    BillingPeriodEnd: startOf(addMonths(period, 1)),
    ChargePeriodStart: startOf(corrects?.period ?? period),
    ChargePeriodEnd: startOf(addMonths(corrects?.period ?? period, 1)),
    InvoiceIssuerName: issuer,
    ProviderName: issuer,
    PublisherName: issuer,
    x_BillRevision: String(revision),
    x_BillSha256: sha256,
    x_BillState: state,
    x_DocumentType: kind === 'bill' ? 'bill' : `${kind} note`,
  };
}

function lineColumns(line: ExportedLine, index: number): FocusRow {
  const { project, projectName, region } = line;
  const account = {
    SubAccountId: project,
    SubAccountName: projectName ?? project,
    SubAccountType: 'Project',
  };
  return {
    ...(project === '' ? {} : account),
    ...(region === '' ? {} : { RegionId: region, RegionName: region }),
    ...focusServiceOf(line.measure),
    ...present({
      x_CardId: line.card,
      x_Class: line.class,
      x_CorrectionReason: line.reason,
      x_Measure: line.measure,
      x_RuleId: line.rule,
    }),
    x_Band: String(line.band),
    x_LineNumber: String(index + 1),
  };
}

/** FOCUS has no empty text: what says nothing is null. */
function present(columns: Readonly<Record<string, string | null | undefined>>): FocusRow {
  return Object.fromEntries(
    Object.entries(columns).filter(([, value]) => (value ?? '').trim() !== ''),
  );
}

/** Tags of ours have a prefix of their own; null where the team says nothing. */
function tagsOf({ billedTo }: ExportedDocument): string | null {
  const { costCentre, glAccount, purchaseOrder, owner } = billedTo;
  const told = Object.entries({ costCentre, glAccount, purchaseOrder, owner }).flatMap(
    ([key, value]) => (value === undefined ? [] : [[`headroom/${key}`, value] as const]),
  );
  return told.length === 0 ? null : JSON.stringify(Object.fromEntries(told));
}

function startOf(month: Month): string {
  return `${month}-01T00:00:00Z`;
}

const KINDS: Readonly<Record<LineTerms['kind'], string>> = {
  rule: 'Usage',
  pool: 'Share of cost pool',
  idle: 'Idle capacity of cost pool',
  commitment: 'Commitment',
  'rule-minimum': 'Minimum of rule',
  discount: 'Discount',
  minimum: 'Minimum',
  surcharge: 'Surcharge',
  charge: 'Charge',
  credit: 'Credit',
};

function descriptionOf(
  { kind, corrects }: ExportedDocument,
  line: ExportedLine,
  terms: LineTerms,
): string {
  const what = [line.measure, line.class, line.region, line.project].filter((part) => part !== '');
  const charge = `${KINDS[terms.kind]} ${line.rule}${what.length === 0 ? '' : `: ${what.join(', ')}`}`;
  if (kind !== 'bill')
    return `Correction of ${corrects?.period ?? ''}, ${line.reason ?? ''}: ${charge}`;
  return 'reason' in terms && terms.reason !== '' ? `${charge}: ${terms.reason}` : charge;
}

/** What the shape of a line says of it, of bills from before their terms were kept and of notes. */
function assumedTerms(line: ExportedLine): LineTerms {
  if (line.card !== '') {
    const { quantity: priced } = line;
    return { kind: 'rule', model: 'unit', priced, unitPrice: null, currency: '' };
  }
  if (line.region !== '') return { kind: line.project === '' ? 'idle' : 'pool', currency: '' };
  if (line.rule.endsWith(':minimum')) return { kind: 'rule-minimum' };
  const kind = decimalOf(line.amount).unscaled < 0n ? 'credit' : 'charge';
  return isZero(decimalOf(line.quantity)) ? { kind, reason: '' } : { kind: 'minimum' };
}
