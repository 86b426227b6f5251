import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readExport } from './lake-sample.ts';
import { meterSamples, type UsageRow } from './metered-days.ts';

interface Case {
  readonly case: string;
  readonly why: string;
  readonly samples: readonly unknown[];
  readonly usage: readonly UsageRow[];
}

const CASES = parseExactly(
  readFileSync(new URL('../../cases/metering/small/cases.json', import.meta.url), 'utf8'),
) as Case[];

/** Numbers stay as written, so that a case can hold what no double does. */
function parseExactly(text: string): unknown {
  const { rawJSON } = JSON as unknown as { rawJSON: (source: string) => unknown };
  const keep = (_key: string, value: unknown, context?: { readonly source: string }) =>
    typeof value === 'number' && context ? rawJSON(context.source) : value;
  return JSON.parse(text, keep);
}

describe('the usage of worked cases', () => {
  it.each(CASES)('$case: $why', async ({ samples, usage }) => {
    const rows = readExport(Buffer.from(samples.map((row) => JSON.stringify(row)).join('\n')));

    const metered = await meterSamples({ parts: [rows] });

    expect(metered.usage).toEqual(usage);
  });
});
