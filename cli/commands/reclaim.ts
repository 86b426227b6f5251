import type * as z from 'zod';
import { RECLAIM_KINDS } from '../../lib/capacity/reclaim.ts';
import { reclaimItem } from '../../lib/capacity/survey-answer.ts';
import { allItems } from '../all-pages.ts';
import { segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';
import { command } from '../with-command-line.ts';

export const reclaimSpec: CommandSpec = {
  name: 'reclaim',
  summary: 'Print what is held and not needed, and what it costs a month',
  usage: [
    'reclaim --region R [--team T] [--kind KIND] [--confidence LEVEL] [-o json]',
    'reclaim --team T [--kind KIND] [--confidence LEVEL] [-o json]',
  ],
  examples: [
    'headroom reclaim --region west --confidence high',
    'headroom reclaim --team payments --kind unattached-volume',
  ],
  options: [
    { flag: 'region', value: 'R', help: 'Of one region; without it of all regions of a team' },
    { flag: 'team', value: 'T', help: 'What this team pays for' },
    { flag: 'kind', value: 'KIND', choices: [...RECLAIM_KINDS], help: 'Of one kind only' },
    {
      flag: 'confidence',
      value: 'LEVEL',
      choices: ['high', 'medium', 'low'],
      help: 'At least so sure (default: low, which is all)',
    },
    OUTPUT_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'By the samples of the last days, surveyed every night. docs/capacity.md tells what is called idle or oversized, and how costs are counted.',
  ],
};

export const reclaimCommand = command(reclaimSpec, printReclaim);

type Item = z.infer<typeof reclaimItem>;

async function printReclaim(line: CommandLine, io: Io): Promise<number> {
  const [region, team] = [line.text('region'), line.text('team')];
  if (region === undefined && team === undefined) {
    throw new UsageError('reclaim needs --region R, or --team T for all regions of a team.');
  }
  const query = { kind: line.text('kind'), confidence: line.text('confidence') };
  const items = await allItems(clientOf(line, io), {
    path:
      region === undefined
        ? `/v1/teams/${segment(team ?? '')}/reclaim`
        : `/v1/regions/${segment(region)}/reclaim`,
    item: reclaimItem,
    query: region === undefined ? query : { ...query, team },
  });
  await printAnswer(line, io, { data: items, text: () => reclaimText(items) });
  return EXIT.ok;
}

function reclaimText(items: readonly Item[]): string {
  if (items.length === 0) return 'Nothing was found that could be given back.\n';
  return table(
    [
      { title: 'kind', value: ({ kind }) => kind },
      { title: 'resource', value: ({ resource }) => resource },
      { title: 'project', value: ({ project }) => project },
      { title: 'teams', value: ({ teams }) => teams.map(({ team }) => team).join(', ') },
      { title: 'class', value: (item) => classOf(item) },
      {
        title: 'a month',
        align: 'right',
        value: ({ costPerMonth, currency }) =>
          costPerMonth === null ? '-' : `${costPerMonth} ${currency ?? ''}`,
      },
      { title: 'sure', value: ({ confidence }) => confidence },
      { title: 'evidence', value: evidenceOf },
    ],
    items,
  );
}

function classOf({ class: own, suggestedFlavor, diskGib, kind }: Item): string {
  if (suggestedFlavor !== null) return `${own} -> ${suggestedFlavor}`;
  return kind === 'unattached-volume' ? `${own} ${diskGib ?? '?'} GiB`.trim() : own;
}

function evidenceOf({ evidence: { hours, cpu, rule } }: Item): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const watched = `${Math.round(hours)} h`;
  return cpu === null
    ? `${watched}: ${rule}`
    : `${watched}: CPU P95 ${percent(cpu.p95)}, P99 ${percent(cpu.p99)}, mean ${percent(cpu.mean)}`;
}
