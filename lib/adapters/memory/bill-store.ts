import { compareText } from '../../identifiers.ts';
import type { BillRecord, BillStore, PeriodRecord } from '../../ports/documents.ts';
import { billsAreIssued, otherClaim, requireExpectedPeriod } from '../store-problems.ts';

interface BillSet {
  readonly bills: readonly BillRecord[];
  readonly extra: unknown;
}
interface Series {
  next: number;
  readonly claims: Map<string, { readonly first: number; readonly count: number }>;
}

export function memoryBillStore(): BillStore {
  const periods = new Map<string, PeriodRecord>();
  const sets = new Map<string, BillSet>();
  const series = new Map<string, Series>();
  return {
    async getPeriod(period) {
      return structuredClone(periods.get(period) ?? null);
    },
    async listPeriods() {
      return [...periods.values()]
        .toSorted((a, b) => compareText(b.period, a.period))
        .map((record) => structuredClone(record));
    },
    async putPeriod(record, expected) {
      const present = periods.get(record.period) ?? null;
      requireExpectedPeriod(record.period, present, expected);
      periods.set(record.period, {
        ...structuredClone(record),
        version: (present?.version ?? 0) + 1,
      });
    },
    async putBills(period, revision, bills, extra) {
      const name = `${period}#${revision}`;
      const set = structuredClone({
        bills: bills.toSorted((a, b) => compareText(a.team, b.team)),
        extra,
      });
      const present = sets.get(name);
      const issued = present?.bills.some((bill) => bill.state === 'issued') ?? false;
      if (issued && JSON.stringify(present) !== JSON.stringify(set)) {
        throw billsAreIssued(period, revision);
      }
      sets.set(name, set);
    },
    async listBills(period, revision) {
      return structuredClone(sets.get(`${period}#${revision}`) ?? null);
    },
    async getExtra(period, revision) {
      return structuredClone(sets.get(`${period}#${revision}`)?.extra);
    },
    async getBill(period, revision, team) {
      const set = sets.get(`${period}#${revision}`);
      return structuredClone(set?.bills.find((bill) => bill.team === team) ?? null);
    },
    async claimNumbers(name, claim, count) {
      const row = series.get(name) ?? { next: 1, claims: new Map() };
      series.set(name, row);
      const present = row.claims.get(claim);
      if (present) {
        if (present.count !== count) throw otherClaim(name, claim, count);
        return { first: present.first };
      }
      const first = row.next;
      row.next += count;
      row.claims.set(claim, { first, count });
      return { first };
    },
  };
}
