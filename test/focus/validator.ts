import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The official validator on this machine. */
export interface FocusValidator {
  readonly command: string;
  /** It looks for its list of currencies from where it is started: the folder that it is installed in. */
  readonly folder: string;
}

/** Null where `focus-validator` is not on the path. */
export function findValidator(): FocusValidator | null {
  const found = spawnSync('sh', ['-c', 'command -v focus-validator'], { encoding: 'utf8' });
  const command = found.stdout?.trim() ?? '';
  if (found.status !== 0 || command === '') return null;
  const python = /^#!(\S+)/.exec(readFileSync(command, 'utf8'))?.[1] ?? 'python3';
  const where =
    'import importlib.util, os; print(os.path.dirname(os.path.dirname(importlib.util.find_spec("focus_validator").origin)))';
  return { command, folder: execFileSync(python, ['-c', where], { encoding: 'utf8' }).trim() };
}

/** Conditions of FOCUS that hold for bills: all but availability zones, capacity reservations and virtual currency. */
const CRITERIA = [
  'ACCOUNT_NAMING_SUPPORTED',
  'BILLING_BASED_ON_PROVISIONED_RESOURCES_SUPPORTED',
  'COMMITMENT_DISCOUNT_SUPPORTED',
  'MULTIPLE_BILLING_ACCOUNT_TYPES_SUPPORTED',
  'MULTIPLE_PRICING_CATEGORIES_SUPPORTED',
  'MULTIPLE_SUB_ACCOUNT_TYPES_SUPPORTED',
  'NEGOTIATED_PRICING_SUPPORTED',
  'PRICING_BILLING_CURRENCY_DIFFERENCES_SUPPORTED',
  'PUBLIC_PRICE_LIST_SUPPORTED',
  'REGION_SUPPORTED',
  'RESOURCE_TYPE_ASSIGNMENT_SUPPORTED',
  'SUB_ACCOUNT_SUPPORTED',
  'TAGGING_SUPPORTED',
  'UNIT_PRICING_SUPPORTED',
  'USAGE_MEASUREMENT_SUPPORTED',
];

export interface Validation {
  readonly passed: number;
  /** Rules that fail, by their ids, sorted. */
  readonly failed: readonly string[];
}

/** Holds a dataset against the rules of 1.2 that the validator brings; nothing is fetched. */
export function validate({ command, folder }: FocusValidator, file: string): Validation {
  const { stdout, stderr } = spawnSync(
    command,
    [
      ...['--data-file', file, '--focus-dataset', 'CostAndUsage', '--block-download'],
      ...['--validate-version', '1.2.0.1', '--applicability-criteria', CRITERIA.join(',')],
    ],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64_000_000 },
  );
  const passed = /Pass: (\d+)/.exec(stdout)?.[1];
  if (passed === undefined) throw new Error(`focus-validator did not come to an end: ${stderr}`);
  const failed = [...stdout.matchAll(/^❌ (\S+): FAIL/gm)].map(([, rule = '']) => rule);
  return { passed: Number.parseInt(passed, 10), failed: [...new Set(failed)].toSorted() };
}
