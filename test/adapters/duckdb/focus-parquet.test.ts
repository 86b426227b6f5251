import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { literal, withDatabase } from '../../../lib/adapters/duckdb/database.ts';
import { duckdbFocusParquet } from '../../../lib/adapters/duckdb/focus-parquet.ts';
import { FOCUS_COLUMNS, type FocusRow } from '../../../lib/billing/export/focus-columns.ts';
import { decimalOf, toText } from '../../../lib/decimal/decimal.ts';
import { parquetRows } from './parquet-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'headroom-focus-parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));

const parquet = duckdbFocusParquet({ memoryLimitMib: 256, threads: 1 });

async function write(rows: readonly FocusRow[], name = 'focus.parquet'): Promise<string> {
  const outputFile = join(folder, name);
  await parquet.write({ rows, scratchFolder: folder, outputFile });
  return outputFile;
}

const texts = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.isWellFormed());
const hostile = fc.constantFrom('"', ',', '\r\n', '""', "'", '=1+1', 'NULL', '\0', ' ', '０');
const amounts = fc
  .tuple(
    fc.bigInt({ min: -(10n ** 14n - 1n), max: 10n ** 14n - 1n }),
    fc.integer({ min: 0, max: 12 }),
  )
  .map(([unscaled, scale]) => toText({ unscaled, scale }));
const costs = fc
  .bigInt({ min: -(10n ** 38n - 1n), max: 10n ** 38n - 1n })
  .map((unscaled) => toText({ unscaled, scale: 24 }));

describe('FOCUS as Parquet', () => {
  it('has every text, null and decimal as it was given, to the last digit', async () => {
    const row: fc.Arbitrary<FocusRow> = fc.record(
      {
        BillingAccountId: fc.oneof(texts, hostile),
        ChargeDescription: fc.oneof(texts, hostile),
        BilledCost: amounts,
        ListCost: costs,
        ListUnitPrice: amounts,
        PricingQuantity: amounts,
        x_Band: fc.nat().map(String),
      },
      { requiredKeys: ['BilledCost'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
        const names = FOCUS_COLUMNS.map(({ name }) => name);
        const told = await parquetRows(await write(rows), names);
        const types = new Map<string, string>(FOCUS_COLUMNS.map(({ name, type }) => [name, type]));
        const back = told.map((one) =>
          Object.fromEntries(
            Object.entries(one).flatMap(([name, value]) => {
              if (value === null) return [];
              const isDecimal = /amount|cost|price|quantity/.test(types.get(name) ?? '');
              return [[name, isDecimal ? toText(decimalOf(value)) : value]];
            }),
          ),
        );
        expect(back).toEqual(rows);
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it('has decimals and times by their types, and says which version it is of', async () => {
    const file = await write([{ BilledCost: '1.50', ChargePeriodStart: '2026-10-01T00:00:00Z' }]);
    const options = { memoryLimitMib: 256, threads: 1, directory: folder };
    const [types, metadata] = await withDatabase(options, async (connection) => {
      const described = await connection.runAndReadAll(
        `DESCRIBE SELECT BilledCost, ListCost, ChargePeriodStart, x_Band FROM read_parquet(${literal(file)})`,
      );
      const kept = await connection.runAndReadAll(
        `SELECT decode(key), decode(value) FROM parquet_kv_metadata(${literal(file)})`,
      );
      return [described.getRows().map((row) => row[1]), kept.getRows()];
    });
    expect(types).toEqual(['DECIMAL(38,12)', 'DECIMAL(38,24)', 'TIMESTAMP', 'INTEGER']);
    expect(metadata).toContainEqual(['FocusVersion', '1.2']);
  });

  it('is the same bytes for the same rows', async () => {
    const rows = [{ BilledCost: '1.50', BillingAccountId: 'a' }, { BilledCost: '0' }];
    const [one, two] = [await write(rows, 'one.parquet'), await write(rows, 'two.parquet')];
    expect(readFileSync(one).equals(readFileSync(two))).toBe(true);
  });

  it('is refused, with what to do instead, for amounts that its decimals do not hold', async () => {
    await expect(write([{ BilledCost: '1', ListCost: `${10n ** 14n}` }])).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('take CSV'),
    });
  });

  it('is a file without rows where there are none', async () => {
    expect(await parquetRows(await write([]), ['BilledCost'])).toEqual([]);
  });
});
