import { describe, expect, it } from 'vitest';
import { checkContents } from '../../infra/bundling/bundle-contents.ts';

describe('what a bundle may carry', () => {
  const read = { name: 'read', carries: 'nothing', inputs: ['functions/read/index.ts'] } as const;

  it('is nothing heavy, for a function that must start fast', () => {
    expect(() => checkContents({ ...read, imports: ['node:fs'] })).not.toThrow();
  });

  it.each([
    ['the package', { imports: ['@duckdb/node-api'] }],
    ['a copy of the package', { inputs: ['node_modules/@duckdb/node-api/lib/index.js'] }],
    ['our adapter to it', { inputs: ['lib/adapters/duckdb/database.ts'] }],
  ])('is not DuckDB: %s', (_what, found) => {
    expect(() => checkContents({ ...read, imports: [], ...found })).toThrow(
      /^function read must not carry DuckDB, but its bundle has .*duckdb.*: break that import/,
    );
  });

  it.each(['lib/forecasting/theta.ts', 'node_modules/@bsull/augurs/ets.js'])(
    'is not the forecaster: %s',
    (path) => {
      expect(() => checkContents({ ...read, inputs: [path], imports: [] })).toThrow(
        `function read must not carry the forecaster, but its bundle has ${path}`,
      );
    },
  );

  it.each([
    'lib/billing/export/pdf/bills-pdf.ts',
    'lib/billing/export/xlsx/bills-xlsx.ts',
    'node_modules/pdfkit/js/pdfkit.node.mjs',
    'node_modules/fontkit/dist/module.mjs',
    'node_modules/fflate/esm/index.mjs',
  ])('is no writer of XLSX or PDF, but where documents are written: %s', (path) => {
    expect(() => checkContents({ ...read, inputs: [path], imports: [] })).toThrow(
      `function read must not carry the writers of XLSX and PDF, but its bundle has ${path}`,
    );
    const render = { name: 'render', carries: 'nothing', imports: [] } as const;
    expect(() => checkContents({ ...render, inputs: [path] })).not.toThrow();
  });

  it('is what the catalogue grants, and no more', () => {
    const duckdb = { name: 'meter', carries: 'duckdb', imports: ['@duckdb/node-api'] } as const;
    expect(() => checkContents({ ...duckdb, inputs: [] })).not.toThrow();
    expect(() => checkContents({ ...duckdb, inputs: ['lib/forecasting/theta.ts'] })).toThrow(
      'function meter must not carry the forecaster',
    );
    const forecast = { name: 'forecast', carries: 'forecaster', imports: [] } as const;
    expect(() =>
      checkContents({ ...forecast, inputs: ['lib/forecasting/theta.ts'] }),
    ).not.toThrow();
    expect(() => checkContents({ ...forecast, inputs: [], imports: ['@duckdb/node-api'] })).toThrow(
      'function forecast must not carry DuckDB',
    );
  });
});
