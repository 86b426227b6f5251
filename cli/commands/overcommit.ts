import { overcommitAnswer } from '../../lib/capacity/overcommit.ts';
import { segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { OUTPUT_OPTION, printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { command } from '../with-command-line.ts';

export const overcommitSpec: CommandSpec = {
  name: 'overcommit',
  summary: 'Print the largest safe allocation ratios of a region, and why',
  usage: ['overcommit --region R [-o json]'],
  examples: ['headroom overcommit --region west'],
  options: [
    { flag: 'region', value: 'R', required: true, help: 'The region' },
    OUTPUT_OPTION,
    ...SERVER_OPTIONS,
  ],
  notes: ['By what all instances of a host used at one time over the last days, surveyed nightly.'],
};

export const overcommitCommand = command(overcommitSpec, printOvercommit);

async function printOvercommit(line: CommandLine, io: Io): Promise<number> {
  const path = `/v1/regions/${segment(line.required('region'))}/overcommit`;
  const { body } = await clientOf(line, io).send('GET', path);
  await printAnswer(line, io, { data: body, text: () => overcommitText(body) });
  return EXIT.ok;
}

function overcommitText(body: unknown): string {
  const { region, day, days, cpu, ram } = overcommitAnswer.parse(body);
  const lines = Object.entries({ CPU: cpu, RAM: ram }).map(([name, answer]) => {
    const { ratio, presentRatio, evidence, explanation } = answer;
    const seen =
      evidence === null
        ? ''
        : ` (${evidence.hosts} hosts, ${evidence.slots} slots, ${evidence.days} days)`;
    return `${name}: ${ratio ?? 'not known'}, now ${presentRatio ?? 'not known'}. ${explanation}${seen}\n`;
  });
  return `${region}, ${days} days up to ${day}\n${lines.join('')}`;
}
