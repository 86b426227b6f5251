import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { duckdbFocusParquet } from '../../lib/adapters/duckdb/focus-parquet.ts';
import type { CloseInput } from '../../lib/billing/close-input.ts';
import type { FocusRow } from '../../lib/billing/export/focus-columns.ts';
import { focusCsv } from '../../lib/billing/export/focus-csv.ts';
import { focusRows } from '../../lib/billing/export/focus-rows.ts';
import { exportableMonth } from '../lib/billing/export/exportable-month.ts';
import { WHOLE_MONTH } from '../lib/billing/export/whole-month.ts';
import { octoberHour, usageRow } from '../lib/rating/documents.ts';
import { findValidator, type Validation, validate } from './validator.ts';

const validator = findValidator();
const skipped =
  validator === null ? ': skipped, focus-validator is not here (pip install focus-validator)' : '';

/** Fail for any dataset, by faults of the model 1.2.0.1 (docs/focus.md). */
const FAULTS_OF_THE_MODEL = [
  'CommitmentDiscountStatus-C-000-C',
  'CommitmentDiscountStatus-C-002-C',
  'CommitmentDiscountStatus-C-004-C',
  'InvoiceId-C-004-C',
];
/** Of rules that can be tested; fewer would mean that it looked at less. */
const PASSED_LEAST = 340;

const folder = mkdtempSync(join(tmpdir(), 'headroom-focus-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A line of every kind, and notes on the month before that. */
async function rowsOfEveryKind(): Promise<FocusRow[]> {
  const earlier: CloseInput = { ...WHOLE_MONTH, period: '2026-10' };
  const late: CloseInput = {
    ...earlier,
    usage: [
      ...HOURS.map((hour) => usageRow({ hour: octoberHour(hour), quantity: '9.75' })),
      usageRow({ hour: octoberHour(3), measure: 'ram', quantity: '1' }),
    ],
  };
  const whole = focusRows(await exportableMonth(WHOLE_MONTH));
  const next = await exportableMonth(
    { ...WHOLE_MONTH, period: '2026-11', usage: [] },
    { earlier, late },
  );
  return [...whole, ...focusRows(next)];
}
const HOURS = [0, 1, 2];

function csvFile(name: string, rows: readonly FocusRow[]): string {
  const file = join(folder, name);
  writeFileSync(file, focusCsv(rows, { inert: true }));
  return file;
}

function check(file: string): Validation {
  if (validator === null) throw new Error('only where the validator is');
  return validate(validator, file);
}

describe.skipIf(validator === null)(`the official FOCUS validator${skipped}`, () => {
  it('passes CSV, but for rules that no dataset can pass', { timeout: 120_000 }, async () => {
    const { failed, passed } = check(csvFile('focus.csv', await rowsOfEveryKind()));
    expect(failed).toEqual(FAULTS_OF_THE_MODEL);
    expect(passed).toBeGreaterThan(PASSED_LEAST);
  });

  it('passes Parquet, but for the same rules', { timeout: 120_000 }, async () => {
    const rows = await rowsOfEveryKind();
    const outputFile = join(folder, 'focus.parquet');
    const parquet = duckdbFocusParquet({ memoryLimitMib: 256, threads: 1 });
    await parquet.write({ rows, scratchFolder: folder, outputFile });
    const { failed, passed } = check(outputFile);
    expect(failed).toEqual(FAULTS_OF_THE_MODEL);
    expect(passed).toBeGreaterThan(PASSED_LEAST);
  });

  it('would tell of a row that breaks a rule', { timeout: 120_000 }, async () => {
    const [first = {}, ...rest] = await rowsOfEveryKind();
    const { ConsumedUnit: _, ...broken } = { ...first, ListUnitPrice: '-1', ConsumedQuantity: '1' };
    const { failed } = check(csvFile('broken.csv', [broken, ...rest]));
    expect(failed).toContain('ListUnitPrice-C-008-M');
    expect(failed).toContain('ConsumedUnit-C-006-C');
  });
});
