import type { Month } from '../period/calendar.ts';
import type { BillStore } from '../ports/documents.ts';
import { billsExtraSchema } from './bills-extra.ts';

/**
 * Numbers of the year's series that no bill or note has, or that two have. A month that is being
 * issued has numbers that do not show yet: then gaps say nothing.
 */
export async function numberGaps(
  bills: Pick<BillStore, 'listPeriods' | 'listBills'>,
  period: Month,
): Promise<string[]> {
  const year = period.slice(0, 4);
  const records = (await bills.listPeriods()).filter((one) => one.period.startsWith(`${year}-`));
  const ofBills: string[] = [];
  const ofNotes: string[] = [];
  for (const { period: month, revision, state } of records) {
    if (state !== 'issued') continue;
    const found = await bills.listBills(month, revision);
    const { notes = [] } = found === null ? {} : billsExtraSchema.parse(found.extra);
    ofBills.push(...(found?.bills ?? []).flatMap(({ number }) => number ?? []));
    ofNotes.push(...notes.flatMap(({ number }) => number ?? []));
  }
  const isUnderWay = records.some(({ issuing }) => issuing !== null && issuing !== undefined);
  return [
    ...seriesFaults(year, ofBills, isUnderWay),
    ...seriesFaults(`N${year}`, ofNotes, isUnderWay),
  ];
}

function seriesFaults(series: string, numbers: readonly string[], isUnderWay: boolean): string[] {
  const taken = numbers.map((number) => Number.parseInt(number.slice(series.length + 1), 10));
  const seen = new Set(taken);
  const name = (number: number) => `${series}-${number.toString().padStart(6, '0')}`;
  const twice = [...seen].filter((one) => taken.filter((other) => other === one).length > 1);
  const last = Math.max(0, ...taken);
  const lost = isUnderWay
    ? []
    : Array.from({ length: last }, (_, index) => index + 1).filter((one) => !seen.has(one));
  return [
    ...twice.map((one) => `two documents have the number ${name(one)}`),
    ...(lost.length === 0
      ? []
      : [
          `no document has the number ${name(lost[0] ?? 0)}${lost.length > 1 ? `, nor ${lost.length - 1} others of the series` : ''}`,
        ]),
  ];
}
