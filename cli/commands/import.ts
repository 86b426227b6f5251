import { resolve } from 'node:path';
import { cardFromCloudKitty, DEFAULT_UNITS } from '../../lib/billing/card-from-cloudkitty.ts';
import { DEFAULT_MEASURES } from '../../lib/billing/compare-cloudkitty.ts';
import { readHashmapRules } from '../../lib/rating/hashmap/hashmap-rules.ts';
import type { CommandLine, CommandSpec } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { command } from '../with-command-line.ts';
import { named, readJson, rulesOf } from './quote-hashmap.ts';

const importSpec: CommandSpec = {
  name: 'import',
  summary: "Make a rate card of CloudKitty's hashmap rules",
  usage: [
    'import cloudkitty RULES.json --currency CODE --from DATE [--id ID] [--measure SERVICE=MEASURE ...] [--units SERVICE=N ...] [--without SERVICE ...]',
  ],
  examples: [
    'headroom import cloudkitty rules.json --currency EUR --from 2026-12-01 > card.json',
    'headroom import cloudkitty rules.json --currency EUR --from 2026-12-01 --measure compute=instances --without cpu > card.json',
  ],
  operands: { name: '"cloudkitty" and RULES.json', min: 2, max: 2 },
  options: [
    { flag: 'currency', value: 'CODE', required: true, help: 'What costs are in: EUR' },
    { flag: 'from', value: 'DATE', required: true, help: 'From when the card is in force' },
    { flag: 'id', value: 'ID', help: 'Id of the card (default: cloudkitty)' },
    {
      flag: 'measure',
      value: 'SERVICE=MEASURE',
      many: true,
      help: 'Which measure a service is, where its name is not that of a default metrics.yml',
    },
    {
      flag: 'units',
      value: 'SERVICE=N',
      many: true,
      help: 'So many units of the service make one of the measure (default: image.size 1024 and network bytes 1073.741824, in GiB)',
    },
    { flag: 'without', value: 'SERVICE', many: true, help: 'Leave the rules of a service out' },
  ],
  notes: [
    'RULES.json is the configuration of the hashmap module, as CloudKitty\'s v1 API gives it. The card is printed: load it with "headroom apply -f".',
    'Nothing leaves this machine. docs/cloudkitty.md tells how to switch.',
  ],
};

export const importCommand = command(importSpec, async (line, io) => {
  const [what = '', name = ''] = line.operands;
  if (what !== 'cloudkitty') throw new UsageError(`"${what}" cannot be imported: cloudkitty can.`);
  const file = { name, path: resolve(io.cwd, name) };
  const rules = named(file, readHashmapRules, rulesOf(await readJson(file)));
  const { card, labels } = cardFromCloudKitty(rules, {
    id: line.text('id') ?? 'cloudkitty',
    currency: line.required('currency'),
    effectiveFrom: line.required('from'),
    measures: new Map([...DEFAULT_MEASURES, ...pairsOf(line, 'measure')]),
    units: new Map([...DEFAULT_UNITS, ...pairsOf(line, 'units')]),
    without: new Set(line.all('without')),
  });
  await io.out(`${JSON.stringify(card, null, 2)}\n`);
  tellLabels(labels, io);
  return EXIT.ok;
});

function pairsOf(line: CommandLine, flag: string): [string, string][] {
  return line.all(flag).map((text) => {
    const at = text.indexOf('=');
    if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
    throw new UsageError(`--${flag} takes SERVICE=..., not "${text}".`);
  });
}

function tellLabels(labels: readonly string[], io: Io): void {
  if (labels.length === 0) return;
  io.err(
    `Rules are of ${labels.join(', ')}: usage has them once the settings of its region name them under "labels".\n`,
  );
}
