import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES } from '../../../../lib/ingest/detection.ts';
import type { Ingest } from '../../../../lib/ports/ledger.ts';
import { ingestWorld } from '../ingest-world.ts';

/** Exports of real OpenStack services, beside the repository; they are not part of it. */
const FORMATS = join(import.meta.dirname, '../../../../../shared/data/formats');
const PAGE = join(import.meta.dirname, '../../../../docs/formats.md');
const TABLE = /(<!-- table of real files -->\n)[\s\S]*(<!-- end of the table -->)/;

/** What the reader of a refusal can do. */
const ADVICE =
  /\b(Send|Wrap|Ask|Export|Write|Leave|Name|Put|Give|Take|Configure|Rename|Choose|Split)\b/i;

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}

async function ingestAll(names: readonly string[]): Promise<[string, Ingest][]> {
  const bodies = names.map((name) => [name, readFileSync(join(FORMATS, name))] as const);
  const ingests = await ingestWorld().ingest(Object.fromEntries(bodies));
  return ingests.map((ingest, index) => [names[index] ?? '', ingest]);
}

function outcome({ state, counts, problem, reasons }: Ingest): string {
  if (state === 'refused') return `refused: \`${reasons[0]?.code}\``;
  const { read, duplicate, conflict, quarantined, unmetered } = counts;
  const parts = Object.entries({ unmetered, duplicate, conflict, quarantined })
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`);
  const own = reasons.map(({ code }) => `\`${code}\``).join(', ');
  const details = parts.length === 0 ? '' : ` (${parts.join(', ')}${own === '' ? '' : `: ${own}`})`;
  const remark = problem === null ? '' : ', with a remark';
  return `${read} ${read === 1 ? 'row' : 'rows'}${details}${remark}`;
}

/** A line of the list below the table; without what the file says itself. */
function said({ state, format, problem, reasons }: Ingest): string {
  const of = state === 'refused' ? reasons[0]?.code : format;
  const text = (problem ?? '')
    .replace(/ It starts with: .*$/s, '')
    .replace(/ \d+ (?=of the|openstack|series)/g, ' .. ')
    .replace(/(?<=notifications: ).*?(?=\. What)/, '..');
  return `- \`${of}\`: ${text}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
}

describe('docs/formats.md', () => {
  it.each(FORMAT_NAMES)('tells of %s', (name) => {
    expect(readFileSync(PAGE, 'utf8').replace(TABLE, '')).toContain(`\`${name}\``);
  });
});

describe.skipIf(!existsSync(FORMATS))('real files (../shared/data/formats)', () => {
  it('are each ingested, or refused with a reason to act on, as docs/formats.md tells', async () => {
    const names = filesUnder(FORMATS);
    expect(names.length).toBeGreaterThan(100);
    const lines = ['| file | format | outcome |', '| --- | --- | --- |'];
    const told = new Set<string>();
    for (const [name, ingest] of await ingestAll(names)) {
      const { counts, state, problem, format } = ingest;
      const { read, accepted, duplicate, conflict, quarantined } = counts;
      expect(accepted + duplicate + conflict + quarantined, name).toBe(read);
      if (state === 'refused') expect(problem, name).toMatch(ADVICE);
      if (problem !== null) told.add(said(ingest));
      if (state !== 'refused')
        expect(read > 0 || problem !== null, `${name} says nothing`).toBe(true);
      lines.push(
        `| \`${name}\` | ${format === 'none' ? '' : `\`${format}\``} | ${cell(outcome(ingest))} |`,
      );
    }
    lines.push('', 'What is said of them:', '', ...[...told].toSorted());
    const page = readFileSync(PAGE, 'utf8');
    expect(page).toMatch(TABLE);
    const current = page.replace(
      TABLE,
      (_, start, end) => `${start}\n${lines.join('\n')}\n\n${end}`,
    );
    await expect(current).toMatchFileSnapshot(PAGE);
  });
});
