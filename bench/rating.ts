/**
 * Rating data points by a hashmap configuration: points a second beside CloudKitty's own engine, on the same machine in the
 * same run, with the same rules and points in memory. Seconds are CPU time of the whole process, so that what else the machine
 * does counts for neither; here that includes garbage collection on other threads. Both prices of every point are compared.
 *
 * Run: node bench/rating.ts [points, default 200000] [a python with the package cloudkitty, default python3]
 * (Debian: apt install python3-cloudkitty, and /usr/bin/python3 where another python comes first in the path.)
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, type Decimal, decimalOf, toText } from '../lib/decimal/decimal.ts';
import { parseWithNumberTexts } from '../lib/python-text.ts';
import { readDataPoints } from '../lib/rating/hashmap/data-points.ts';
import { HashmapEngine } from '../lib/rating/hashmap/hashmap-engine.ts';
import { readHashmapRules } from '../lib/rating/hashmap/hashmap-rules.ts';

const ROUNDS = 5;
const FLAVORS = ['m1.tiny', 'm1.small', 'm1.medium', 'm1.large', 'm1.xlarge'];
const IMAGES = ['debian', 'ubuntu', 'windows'];

/** What a cloud has that CloudKitty's own guide describes: flavors, licences, cheaper large volumes, addresses. */
const RULES = {
  mappings: [
    ...FLAVORS.map((value, index) => ({
      ...{ service: 'instance', field: 'flavor_name', value, type: 'flat', group: 'uptime' },
      cost: `0.0${index + 1}25`,
    })),
    ...['windows', 'rhel'].map((value) => ({
      ...{ service: 'instance', field: 'image', value, type: 'flat', group: 'licence' },
      cost: '0.021',
    })),
    {
      service: 'instance',
      field: 'zone',
      value: 'az2',
      type: 'rate',
      cost: '0.9',
      group: 'uptime',
    },
    { service: 'volume.size', type: 'flat', cost: '0.00013', group: 'size' },
    { service: 'ip.floating', type: 'flat', cost: '0.004' },
  ],
  thresholds: [
    ...['50', '200', '1000'].map((level, index) => ({
      ...{ service: 'volume.size', level, type: 'rate', group: 'size' },
      cost: `0.9${8 - index}`,
    })),
    {
      service: 'instance',
      field: 'vcpus',
      level: '8',
      type: 'rate',
      cost: '0.95',
      group: 'uptime',
    },
  ],
};

/** Three of five are instances, one is a volume, one an address: service by service, as a collection has them. */
function pointsOf(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const groupby = { project_id: `project-${index % 300}`, id: `resource-${index}` };
    if (index < count * 0.6) {
      const flavor = FLAVORS[index % FLAVORS.length];
      const metadata = {
        flavor_name: flavor,
        image: IMAGES[index % IMAGES.length],
        zone: `az${index % 3}`,
        vcpus: String(2 ** (index % FLAVORS.length)),
      };
      return { service: 'instance', unit: 'instance', qty: '1', groupby, metadata };
    }
    if (index < count * 0.8) {
      const qty = `${(index * 37) % 1_500}.${index % 100}`;
      const metadata = { volume_type: index % 2 === 0 ? 'ssd' : 'hdd' };
      return { service: 'volume.size', unit: 'GiB', qty, groupby, metadata };
    }
    return { service: 'ip.floating', unit: 'ip', qty: '1', groupby, metadata: { state: 'ACTIVE' } };
  });
}

interface Rated {
  /** CPU time of the fastest round. */
  readonly seconds: number;
  readonly prices: readonly Decimal[];
}

function headroom(rulesText: string, pointsText: string): Rated {
  const rules = readHashmapRules(parseWithNumberTexts(rulesText));
  const points = readDataPoints(parseWithNumberTexts(pointsText));
  const engine = new HashmapEngine(rules, null, null);
  let prices: readonly Decimal[] = [];
  const seconds = Array.from({ length: ROUNDS }, () => {
    const start = process.cpuUsage();
    prices = points.map((point) => engine.priceOf(point));
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  });
  return { seconds: Math.min(...seconds), prices };
}

/** Null when that python has no cloudkitty. */
function cloudkitty(python: string, folder: string): Rated | null {
  const has = spawnSync(python, ['-c', 'import cloudkitty.rating.hash'], { encoding: 'utf8' });
  if (has.status !== 0) return null;
  const script = fileURLToPath(new URL('cloudkitty-hashmap.py', import.meta.url));
  const files = ['rules.json', 'points.json', 'prices.json'].map((name) => join(folder, name));
  const run = spawnSync(python, [script, ...files, String(ROUNDS)], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`${python} cannot run CloudKitty's hashmap: ${run.stderr}`);
  const { seconds } = JSON.parse(run.stdout) as { seconds: number[] };
  const prices = JSON.parse(readFileSync(join(folder, 'prices.json'), 'utf8')) as string[];
  return { seconds: Math.min(...seconds), prices: prices.map(decimalOf) };
}

/** Throws where one point has two prices. */
function requireSame(ours: Rated, theirs: Rated): void {
  for (const [index, price] of theirs.prices.entries()) {
    const own = ours.prices[index];
    if (own !== undefined && compare(own, price) === 0) continue;
    throw new Error(
      `Point ${index} costs ${toText(price)} by CloudKitty, and ${own === undefined ? 'nothing' : toText(own)} here.`,
    );
  }
}

function main(): void {
  const [count = '200000', ...pythons] = process.argv.slice(2);
  const folder = mkdtempSync(join(tmpdir(), 'headroom-bench-'));
  try {
    const [rules, points] = [JSON.stringify(RULES), JSON.stringify(pointsOf(Number(count)))];
    writeFileSync(join(folder, 'rules.json'), rules);
    writeFileSync(join(folder, 'points.json'), points);
    const ours = headroom(rules, points);
    const row = (name: string, { seconds }: Rated) =>
      `| ${name} | ${((seconds / Number(count)) * 1e6).toFixed(2)} | ${Math.round(Number(count) / seconds).toLocaleString('en')} |`;
    console.log(`Rating ${Number(count).toLocaleString('en')} data points, best of ${ROUNDS}\n`);
    console.log('| | CPU microseconds a point | points per CPU second |\n| --- | ---: | ---: |');
    console.log(row('Headroom', ours));
    for (const python of pythons.length > 0 ? pythons : ['python3', '/usr/bin/python3']) {
      const theirs = cloudkitty(python, folder);
      if (theirs === null) continue;
      console.log(row("CloudKitty's hashmap engine", theirs));
      requireSame(ours, theirs);
      const ratio = theirs.seconds / ours.seconds;
      console.log(
        `\nHeadroom rates ${ratio.toFixed(1)} times the points per second, each at the same price.`,
      );
      return;
    }
    console.log(
      '\nNo python here has the package cloudkitty (Debian: apt install python3-cloudkitty): nothing to compare with. Name one: node bench/rating.ts 200000 PYTHON',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main();
