import { type Carries, type FunctionName, WRITES_PAPER } from '../function-catalogue.ts';
import { DUCKDB_PACKAGE } from './duckdb-package.ts';

export interface BundleContents {
  readonly name: FunctionName;
  readonly carries: Carries;
  /** Source files in the bundle, relative to the root. */
  readonly inputs: readonly string[];
  /** Packages that the bundle imports at run time. */
  readonly imports: readonly string[];
}

const FORECASTING_CODE = /^lib\/forecasting\/|(^|\/)node_modules\/@bsull\/augurs/;
const PAPER_CODE =
  /^lib\/billing\/export\/(pdf|xlsx)\/|(^|\/)node_modules\/(pdfkit|fontkit|fflate)\//;
const DUCKDB_CODE = /^lib\/adapters\/duckdb\/|(^|\/)node_modules\/@duckdb\//;

/**
 * Keeps heavy code out of functions that must start fast: what a bundle carries is what the catalogue says.
 * @throws Error that names the function and the first file that should not be there
 */
export function checkContents({ name, carries, inputs, imports }: BundleContents): void {
  const duckdb = [...imports, ...inputs].find(
    (path) => path.startsWith(DUCKDB_PACKAGE) || DUCKDB_CODE.test(path),
  );
  if (duckdb !== undefined && carries !== 'duckdb') {
    throw new Error(
      `function ${name} must not carry DuckDB, but its bundle has ${duckdb}: ` +
        'break that import, or set what it carries in infra/function-catalogue.ts',
    );
  }
  const paper = inputs.find((path) => PAPER_CODE.test(path));
  if (paper !== undefined && !WRITES_PAPER.includes(name)) {
    throw new Error(
      `function ${name} must not carry the writers of XLSX and PDF, but its bundle has ${paper}: ` +
        'break that import, or add it to WRITES_PAPER in infra/function-catalogue.ts',
    );
  }
  const forecasting = inputs.find((path) => FORECASTING_CODE.test(path));
  if (forecasting !== undefined && carries !== 'forecaster') {
    throw new Error(
      `function ${name} must not carry the forecaster, but its bundle has ${forecasting}: ` +
        'break that import, or set what it carries in infra/function-catalogue.ts',
    );
  }
}
