/**
 * Size and init time of every function as it is deployed. Init is the import of the bundle in a fresh process: what a
 * cold start waits for besides AWS's own part. The limit it is measured against is an empty module, in the same run.
 *
 * Run: node bench/bundles.ts
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkContents } from '../infra/bundling/bundle-contents.ts';
import { bundleFunctions, type FunctionBundle } from '../infra/bundling/bundle-functions.ts';
import { CARRIES } from '../infra/function-catalogue.ts';

const RUNS = 5;
/** Functions that someone waits for. */
const LIGHT = ['read', 'samples', 'admin'] as const;

/** Any value will do: an init reads the environment and connects to nothing. */
const ENVIRONMENT = {
  AWS_REGION: 'eu-west-1',
  NODE_OPTIONS: '--enable-source-maps',
  TABLE_NAME: 'table',
  LANDING_BUCKET: 'landing',
  LAKE_BUCKET: 'lake',
  DOCUMENTS_BUCKET: 'documents',
  LANDING_QUEUE_URL: 'http://127.0.0.1:1/landing',
  WAKEUP_QUEUE_URL: 'http://127.0.0.1:1/wakeup',
  EXPORT_QUEUE_URL: 'http://127.0.0.1:1/export',
  METERING_STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:111111111111:stateMachine:metering',
  CLOSE_STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:111111111111:stateMachine:close',
  FORECASTING_STATE_MACHINE_ARN: 'arn:aws:states:eu-west-1:111111111111:stateMachine:forecasting',
  WAKEUP_DELAY_SECONDS: '5',
  NEIGHBOUR_DELAY_SECONDS: '2',
  SWEEP_GRACE_SECONDS: '60',
  LEASE_SECONDS: '130',
  STAGE: 'local',
  CODE_VERSION: 'bench',
};

const TIMED_IMPORT = `
const start = performance.now();
await import(process.argv[1]);
process.stdout.write(String(performance.now() - start));
process.exit(0);
`;

function initMs(path: string): number {
  const times = Array.from({ length: RUNS }, () =>
    Number(
      execFileSync(
        process.execPath,
        ['--input-type=module', '-e', TIMED_IMPORT, pathToFileURL(path).href],
        { encoding: 'utf8', env: ENVIRONMENT },
      ),
    ),
  ).sort((a, b) => a - b);
  return times[Math.floor(RUNS / 2)] ?? Number.NaN;
}

function directoryBytes(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function kib(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}

function row(bundle: FunctionBundle): string {
  const [file] = bundle.handler.split('.');
  const native =
    CARRIES[bundle.name] === 'duckdb'
      ? kib(bundle.sizeBytes + directoryBytes(join(bundle.directory, 'node_modules')))
      : kib(bundle.sizeBytes);
  const init = initMs(join(bundle.directory, `${file}.mjs`)).toFixed(0);
  return `| ${bundle.name} | ${kib(bundle.sizeBytes)} | ${native} | ${bundle.inputs.length} | ${init} ms |`;
}

function emptyModuleMs(): number {
  const directory = mkdtempSync(join(tmpdir(), 'headroom-empty-module-'));
  const path = join(directory, 'empty.mjs');
  writeFileSync(path, 'export {};\n');
  const ms = initMs(path);
  rmSync(directory, { recursive: true });
  return ms;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const bundles = await bundleFunctions({ root, architecture: 'x86_64' });
try {
  for (const name of LIGHT) {
    checkContents({ ...bundles.functions[name], carries: 'nothing' });
  }
  console.log('| function | bundle | with native modules | files in it | init, median of 5 |');
  console.log('| --- | ---: | ---: | ---: | ---: |');
  for (const bundle of Object.values(bundles.functions)) console.log(row(bundle));
  console.log(`\nAn empty module takes ${emptyModuleMs().toFixed(1)} ms in the same run.`);
  console.log(`${LIGHT.join(', ')} carry neither DuckDB nor the forecaster.`);
} finally {
  bundles.dispose();
}
