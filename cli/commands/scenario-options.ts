import { readFile } from 'node:fs/promises';
import type { CommandLine, OptionSpec } from '../command-line.ts';
import { UsageError } from '../io.ts';

/** What a scenario is made of, as options; a file says all of it. */
export const SCENARIO_OPTIONS: readonly OptionSpec[] = [
  { flag: 'file', short: 'f', value: 'FILE', help: 'A scenario as JSON; options come on top' },
  { flag: 'region', value: 'R', many: true, help: 'Which regions (default: all)' },
  { flag: 'growth', value: 'PERCENT', help: 'A year, on top of what is forecast: 20, -10' },
  { flag: 'hosts', value: 'N@DAY', many: true, help: 'More hosts from a day on, of each --region' },
  { flag: 'ratio', value: 'CLASS=RATIO', many: true, help: 'VCPU=8.0 or MEMORY_MB=1.0' },
  { flag: 'reserve', value: 'N', help: 'Hosts that are kept free' },
  { flag: 'mix', value: 'VCPUS:MIB', many: true, help: 'Flavors that new demand comes in' },
  {
    flag: 'mix-keeps',
    value: 'WHAT',
    choices: ['instances', 'cores'],
    help: 'What of new demand stays as forecast in that mix (default: instances)',
  },
  { flag: 'without', value: 'EVENT', many: true, help: 'Leave out a planned event' },
  { flag: 'lose', value: 'R@DAY', help: 'Lose a region: the others take its demand' },
];

/** The scenario that the command line says. @throws UsageError */
export async function scenarioOf(line: CommandLine): Promise<Record<string, unknown>> {
  const told = await fileOf(line.text('file'));
  const regions = line.all('region');
  const reserve = line.integer('reserve', { min: 0, max: 10_000 });
  const [lose, growth] = [line.text('lose'), line.text('growth')];
  const mixKeeps = line.text('mix-keeps');
  return {
    ...told,
    ...(regions.length > 0 ? { regions } : {}),
    ...(growth === undefined ? {} : { growthPercentPerYear: percentOf(growth) }),
    ...list(
      'orders',
      told,
      line.all('hosts').flatMap((text) => ordersOf(text, regions)),
    ),
    ...list('ratios', told, line.all('ratio').map(ratioOf)),
    ...list('reserves', told, reserve === undefined ? [] : [{ hosts: reserve }]),
    ...list('mix', told, line.all('mix').map(mixOf)),
    ...(mixKeeps === undefined ? {} : { mixKeeps }),
    ...list('withoutEvents', told, line.all('without')),
    ...(lose === undefined ? {} : { lost: lostOf(lose) }),
  };
}

async function fileOf(file: string | undefined): Promise<Record<string, unknown>> {
  if (file === undefined) return {};
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.message}.`);
  });
  const value = parsed(text);
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new UsageError(`${file} holds no scenario: it must be a JSON object.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** After what the file says of the same. */
function list(name: string, told: Record<string, unknown>, added: readonly unknown[]) {
  const present = Array.isArray(told[name]) ? (told[name] as readonly unknown[]) : [];
  return added.length === 0 ? {} : { [name]: [...present, ...added] };
}

function percentOf(text: string): number {
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`--growth takes a percentage such as 20 or -10, not "${text}".`);
}

function ordersOf(text: string, regions: readonly string[]) {
  const [, hosts, from] = /^(\d+)@(\d{4}-\d{2}-\d{2})$/.exec(text) ?? [];
  if (hosts === undefined) {
    throw new UsageError(`--hosts takes a number and a day such as 10@2027-02-01, not "${text}".`);
  }
  if (regions.length === 0) throw new UsageError('--hosts needs --region: where do they go?');
  return regions.map((region) => ({ region, from, hosts: Number(hosts) }));
}

function ratioOf(text: string) {
  const [, resourceClass, ratio] = /^(VCPU|MEMORY_MB)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (resourceClass !== undefined) return { resourceClass, ratio };
  throw new UsageError(`--ratio takes VCPU=8.0 or MEMORY_MB=1.0, not "${text}".`);
}

function mixOf(text: string) {
  const [, vcpus, ramMib] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (vcpus !== undefined) return { vcpus: Number(vcpus), ramMib: Number(ramMib) };
  throw new UsageError(`--mix takes the vCPUs and MiB of a flavor such as 4:16384, not "${text}".`);
}

function lostOf(text: string) {
  const [, region, from] = /^(.+)@(\d{4}-\d{2}-\d{2})$/.exec(text) ?? [];
  if (region !== undefined) return { region, from };
  throw new UsageError(`--lose takes a region and a day such as west@2027-01-01, not "${text}".`);
}
