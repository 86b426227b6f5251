import {
  type ScenarioAnswer,
  type ScenarioSide,
  scenarioAnswer,
} from '../../lib/scenarios/scenario-answer.ts';
import { type Client, segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { putVersioned } from '../put-versioned.ts';
import { clientOf } from '../server.ts';
import { type Column, table } from '../table.ts';
import { command } from '../with-command-line.ts';
import { SCENARIO_OPTIONS, scenarioOf } from './scenario-options.ts';

export const scenarioSpec: CommandSpec = {
  name: 'scenario',
  summary: 'Print what would be with other growth, events, hosts or regions, beside the forecast',
  usage: [
    'scenario [-f FILE] [--region R] [--growth PERCENT] [--hosts N@DAY] [--lose R@DAY] [-o json]',
    'scenario [OPTIONS] --save ID',
    'scenario ID [-o json]',
  ],
  examples: [
    'headroom scenario --region west --growth 20 --hosts 10@2027-02-01',
    'headroom scenario --region west --ratio VCPU=8.0 --reserve 4 --save denser',
    'headroom scenario denser',
    'headroom scenario --lose west@2027-01-01',
  ],
  operands: { name: 'ID', min: 0, max: 1 },
  options: [
    ...SCENARIO_OPTIONS,
    { flag: 'save', value: 'ID', help: 'Save it by this name as well; without, nothing is kept' },
    OUTPUT_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: [
    'Made from what is known now. The address that is printed gives the same answer to whom it is sent.',
    'A file is the body of POST /v1/scenarios: see docs/scenarios.md for events, changes of hosts and shares.',
  ],
};

export const scenarioCommand = command(scenarioSpec, async (line, io) => {
  const client = clientOf(line, io);
  const answer = await answerOf(client, line);
  await printAnswer(line, io, {
    data: answer,
    text: () => answerText(scenarioAnswer.parse(answer)),
  });
  await save(client, line, io);
  return EXIT.ok;
});

async function answerOf(client: Client, line: CommandLine): Promise<unknown> {
  const [id] = line.operands;
  if (id === undefined) {
    return (await client.send('POST', '/v1/scenarios', { body: await scenarioOf(line) })).body;
  }
  if (SCENARIO_OPTIONS.some(({ flag }) => line.has(flag)) || line.has('save')) {
    throw new UsageError('A saved scenario is asked by its name alone.');
  }
  return (await client.send('GET', `/v1/scenarios/${segment(id)}/answer`)).body;
}

async function save(client: Client, line: CommandLine, io: Io): Promise<void> {
  const id = line.text('save');
  if (id === undefined) return;
  const path = `/v1/scenarios/${segment(id)}`;
  const { outcome } = await putVersioned(client, path, { ...(await scenarioOf(line)), id });
  await io.err(`Scenario ${id}: ${outcome}.\n`);
}

type RegionAnswer = ScenarioAnswer['regions'][number];

interface Row {
  readonly of: string;
  readonly base: string;
  readonly scenario: string;
}

function answerText({ regions, url }: ScenarioAnswer): string {
  const columns: readonly Column<Row>[] = [
    { title: 'of', value: ({ of }) => of },
    { title: 'forecast', align: 'right', value: ({ base }) => base },
    { title: 'scenario', align: 'right', value: ({ scenario }) => scenario },
  ];
  const needs = new Set(regions.flatMap(({ base }) => base.orderNeeds ?? []));
  const told = regions.map(({ region, lost, base, scenario, mix }) => {
    const [before, after] = [factsOf(base), scenario === null ? null : factsOf(scenario)];
    const rows = [...before].map(([of, value]) => ({
      of,
      base: value,
      scenario: after?.get(of) ?? '-',
    }));
    return `${region}${lost ? ': lost' : ''}\n${table(columns, rows)}${mix === undefined ? '' : mixText(mix)}`;
  });
  const address = url === null ? 'Too long for an address: save it with --save.' : `Again: ${url}`;
  const orders = [...needs].map((text) => `Order by: ${text}\n`).join('');
  return `${told.join('\n')}${orders}${address}\n`;
}

function mixText({ basis, present, asked, fits }: NonNullable<RegionAnswer['mix']>): string {
  const sizes = (one: { readonly vcpus: number; readonly ramGib: number }) =>
    `${one.vcpus.toFixed(1)} cores and ${one.ramGib.toFixed(1)} GiB an instance`;
  const was = present === null ? '' : `, now ${sizes(present)}`;
  const kept =
    basis === 'instances'
      ? 'as many instances as forecast'
      : 'as many cores as forecast, since which flavors stand is not known or not asked for';
  const more = (one: typeof fits.asked) =>
    one === null
      ? 'not known'
      : `${one.instances} more (${one.bindingResource ?? 'no host'} binds)`;
  const now = present === null ? '' : `; in the present mix ${more(fits.present)}`;
  const fit =
    fits.day === null
      ? 'How many fit is not known: no host of the region is.'
      : `Fits on ${fits.day}: ${more(fits.asked)}${now}.`;
  return `New demand: ${sizes(asked)}${was}; ${kept}.\n${fit}\n`;
}

/** By what they are called, in the order in which they are printed. */
function factsOf(side: ScenarioSide): Map<string, string> {
  const facts = new Map<string, string>();
  for (const metric of ['cores', 'ram'] as const) {
    const resource = side[metric];
    if (resource === null) continue;
    for (const { days, p50, p90 } of resource.demand) {
      facts.set(
        `${metric} in ${days} days, P50 / P90 (${resource.unit})`,
        `${p50.toFixed(0)} / ${p90.toFixed(0)}`,
      );
    }
    const usable = resource.usable.at(-1)?.usable;
    facts.set(`${metric} usable at last (${resource.unit})`, usable?.toFixed(0) ?? '-');
    const dates = resource.exhaustion;
    facts.set(`${metric} exhausted (10/50/90 %)`, dates === null ? '-' : datesOf(dates));
  }
  const { joint, binding, order } = side;
  facts.set('first of both (10/50/90 %)', joint === null ? '-' : datesOf(joint));
  facts.set('runs out first', binding ?? '-');
  for (const { days, probability } of joint?.probabilityBy ?? []) {
    facts.set(`exhausted within ${days} days`, `${(100 * probability).toFixed(1)} %`);
  }
  facts.set('order by', order === null ? 'not known' : (order.date ?? 'later'));
  return facts;
}

function datesOf(dates: NonNullable<ScenarioSide['joint']>): string {
  return [dates.p10, dates.p50, dates.p90].map((date) => date ?? 'later').join(' / ');
}
