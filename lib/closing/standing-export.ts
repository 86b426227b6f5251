import * as z from 'zod';
import { billDocumentSchema } from '../billing/bill-document.ts';
import { BILLING_SETTINGS_ID, readBillingSettings } from '../billing/billing-settings.ts';
import type { ExportedDocument, ExportedMonth } from '../billing/export/exported-month.ts';
import { type LineTerms, termsToldOf } from '../billing/line-terms.ts';
import type { Note } from '../billing/note.ts';
import { DEFAULT_WORDING, type Wording, wordingOf } from '../billing/wording.ts';
import { ProblemError } from '../errors.ts';
import { storedMeters } from '../metering/stored-meters.ts';
import { type ProjectNames, projectNames, withProjectName } from '../names/project-names.ts';
import type { Month } from '../period/calendar.ts';
import type { ConfigStore } from '../ports/config-store.ts';
import type { BillRecord, BillStore, PeriodRecord } from '../ports/documents.ts';
import type { NameStore } from '../ports/names.ts';
import { readTeam } from '../rating/team.ts';
import { type BilledTo, billedTo } from '../teams/billed-to.ts';
import { type BillsExtra, billsExtraSchema } from './bills-extra.ts';

export interface StandingExportPorts {
  readonly bills: Pick<BillStore, 'getPeriod' | 'listBills'>;
  readonly configuration: Pick<ConfigStore, 'get' | 'list'>;
  readonly names: Pick<NameStore, 'find'>;
}

/** The bills and notes of a month that stand, as exports take them. */
export interface StandingExport {
  readonly month: ExportedMonth;
  /** What the lines of bills follow from, by team. */
  readonly terms: ReadonlyMap<string, readonly LineTerms[]>;
  /** Of the manifest of the close; null for an estimate. */
  readonly manifestSha256: string | null;
  /** What quantities of the measures count, by measure: `core-hour`. */
  readonly units: ReadonlyMap<string, string>;
}

/** Bodies of closed bills and of estimates: what of them exports tell. */
const bodySchema = z.object({
  lines: z.array(
    z.object({
      ...billDocumentSchema.shape.bill.shape.lines.element.shape,
      projectedAmount: z.string().exactOptional(),
    }),
  ),
  exchangeRates: billDocumentSchema.shape.bill.shape.exchangeRates,
  projectedTotal: z.string().exactOptional(),
  projectedRange: z.object({ p10: z.string(), p90: z.string() }).exactOptional(),
  elapsedHours: z.int().exactOptional(),
  hoursInMonth: z.int().exactOptional(),
});

/**
 * @param of.team only the bill and the notes of this team
 * @throws ProblemError `not_found` when the month has no bills, or the team neither bill nor note
 */
export async function standingExport(
  ports: StandingExportPorts,
  of: { readonly period: Month; readonly team: string | null },
): Promise<StandingExport> {
  const { period, team } = of;
  const record = await ports.bills.getPeriod(period);
  const revision = record?.revision ?? 0;
  const found = await ports.bills.listBills(period, revision);
  if (found === null) {
    throw new ProblemError(
      'not_found',
      `There are no bills of ${period}: no usage of it has been metered, or none was rated yet.`,
    );
  }
  const extra = billsExtraSchema.parse(found.extra);
  const isOf = (one: { readonly team: string }) => team === null || one.team === team;
  const bills = found.bills.filter(isOf);
  const notes = extra.notes.filter(({ note }) => isOf(note));
  if (team !== null && bills.length + notes.length === 0) {
    throw new ProblemError(
      'not_found',
      `Team "${team}" has neither a bill nor a note of ${period}.`,
    );
  }
  const told = await toldBeside(ports, { bills, notes, wording: extra.wording });
  const documents = [
    ...bills.map((bill) => billOf(bill, told, issuedAtOf(record))),
    ...notes.map((note) => noteOf(note, told, record)),
  ];
  const { currency } = extra;
  const unrated = extra.unrated.filter(isOf).map(withUnit(told.units));
  return {
    month: { ...{ period, currency, revision, team, documents, unrated }, wording: told.wording },
    terms: new Map(bills.map((bill) => [bill.team, bill.terms ?? []])),
    manifestSha256: extra.manifestSha256 ?? null,
    units: told.units,
  };
}

/** What stands beside bills and notes: of closed bills as of the close, else as it is now. */
interface Told {
  readonly names: ProjectNames;
  readonly teams: ReadonlyMap<string, BilledTo>;
  readonly wording: Wording;
  readonly units: ReadonlyMap<string, string>;
}

async function toldBeside(
  { configuration, names }: StandingExportPorts,
  {
    bills,
    notes,
    wording,
  }: {
    readonly bills: readonly BillRecord[];
    readonly notes: BillsExtra['notes'];
    readonly wording: Wording | undefined;
  },
): Promise<Told> {
  const open = bills.filter(({ projectNames: kept }) => kept === undefined);
  const lines = [
    ...open.flatMap(({ body }) => bodySchema.parse(body).lines),
    ...notes.flatMap(({ note, projectNames: kept }) => (kept === undefined ? note.lines : [])),
  ];
  const documents = await configuration.list('team');
  const present = documents.map(({ id, body }) => [id, billedTo(readTeam(body))] as const);
  const kept = bills.flatMap((bill) =>
    bill.billedTo === undefined ? [] : [[bill.team, bill.billedTo] as const],
  );
  const settings = await configuration.get('billing-settings', BILLING_SETTINGS_ID);
  return {
    names: await projectNames(names, lines),
    teams: new Map([...present, ...kept]),
    wording: wording ?? (settings === null ? DEFAULT_WORDING : presentWording(settings.body)),
    units: (await storedMeters(configuration)).units,
  };
}

function billOf(bill: BillRecord, told: Told, issuedAt: string | null): ExportedDocument {
  const { state, number, team, total, sha256, body } = bill;
  const {
    lines,
    exchangeRates = [],
    projectedTotal,
    projectedRange: range = null,
    elapsedHours,
    hoursInMonth,
  } = bodySchema.parse(body);
  const isEstimate =
    projectedTotal !== undefined && elapsedHours !== undefined && hoursInMonth !== undefined;
  return {
    kind: 'bill',
    ...{ state, number, team, total, sha256, issuedAt, exchangeRates },
    billedTo: told.teams.get(team) ?? {},
    corrects: null,
    projection: isEstimate ? { total: projectedTotal, range, elapsedHours, hoursInMonth } : null,
    lines: lines.map((line, index) => ({
      ...named(line, bill.projectNames ?? told.names, told),
      ...termsToldOf(line, bill.terms?.[index]),
    })),
  };
}

function presentWording(settings: unknown): Wording {
  return wordingOf(readBillingSettings(settings));
}

function noteOf(
  { number, sha256, note, projectNames: names, billedTo: addressee }: Note,
  told: Told,
  record: PeriodRecord | null,
) {
  const { kind, team, total, corrects, lines } = note;
  return {
    ...{ kind, number, team, total, sha256, corrects },
    state: number === null ? 'draft' : 'issued',
    billedTo: addressee ?? told.teams.get(team) ?? {},
    issuedAt: issuedAtOf(record),
    exchangeRates: [],
    projection: null,
    lines: lines.map((line) => named(line, names ?? told.names, told)),
  } satisfies ExportedDocument;
}

function named<T extends { readonly project: string; readonly measure: string }>(
  line: T,
  names: ProjectNames,
  { units }: Told,
) {
  return withProjectName(withUnit(units)(line), names);
}

function withUnit(units: ReadonlyMap<string, string>) {
  return <T extends { readonly measure: string }>(line: T): T & { readonly unit?: string } => {
    const unit = units.get(line.measure);
    return unit === undefined ? line : { ...line, unit };
  };
}

function issuedAtOf(record: PeriodRecord | null): string | null {
  if (record?.state !== 'issued') return null;
  return record.issuedAt ?? record.lastStep?.fact.at ?? record.updatedAt;
}
