import { addMonths, type Month } from '../../lib/period/calendar.ts';
import { PROJECTS } from './build-cloud.ts';
import { seededRandom } from './random.ts';

/** Keystone ids of the sample's projects: the same for every seed, so that teams can name them. */
export const PROJECT_IDS: Readonly<Record<string, string>> = (() => {
  const random = seededRandom(20_26);
  return Object.fromEntries(PROJECTS.map((name) => [name, random.keystoneId()]));
})();

const projectId = (name: (typeof PROJECTS)[number]): string => PROJECT_IDS[name] ?? name;

/**
 * Six teams. `platform-core` is shared 70/30 with research, `web-media` moved from web to search in
 * the middle of last month, and `research-lab` was mapped only on the 8th: what it used before is
 * unassigned, in sight.
 */
export function sampleTeams(lastMonth: Month): unknown[] {
  const [eighth, sixteenth] = [`${lastMonth}-08`, `${lastMonth}-16`];
  return [
    team('payments', 'CC-4100', [
      { project: projectId('payments-prod') },
      { project: projectId('payments-test') },
    ]),
    team('search', 'CC-4200', [
      { project: projectId('search-prod') },
      { project: projectId('search-index') },
      { project: projectId('web-media'), from: sixteenth },
    ]),
    team('platform', 'CC-1000', [
      { project: projectId('platform-ci') },
      { project: projectId('platform-core'), share: 70 },
    ]),
    team('data', 'CC-4300', [
      { project: projectId('data-lake') },
      { project: projectId('data-science') },
    ]),
    team('web', 'CC-4400', [
      { project: projectId('web-shop') },
      { project: projectId('web-media'), to: sixteenth },
    ]),
    team('research', 'CC-4500', [
      { project: projectId('research-hpc') },
      { project: projectId('research-lab'), from: eighth },
      { project: projectId('platform-core'), share: 30 },
    ]),
  ];
}

function team(id: string, costCentre: string, projects: readonly object[]): object {
  const name = `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
  return { id, name, costCentre, owner: `${id}@example.org`, projects };
}

/** Two cards: the year's prices, and those since the 16th of last month. Images have no price: their usage is listed as unrated. */
export function sampleCards(lastMonth: Month): unknown[] {
  return [
    {
      id: 'standard',
      currency: 'EUR',
      effectiveFrom: `${addMonths(lastMonth, -24)}-01`,
      rules: rules({ cores: '0.0110', memoryCores: '0.0125', ram: '0.0042' }),
    },
    {
      id: 'standard-autumn',
      currency: 'EUR',
      effectiveFrom: `${lastMonth}-16`,
      rules: rules({ cores: '0.0115', memoryCores: '0.0129', ram: '0.0040' }),
    },
  ];
}

function rules(prices: { cores: string; memoryCores: string; ram: string }): object[] {
  const unit = (id: string, measure: string, unitPrice: string, match?: object): object => ({
    id,
    measure,
    ...(match === undefined ? {} : { match }),
    price: { model: 'unit', unitPrice },
  });
  return [
    unit('cores', 'cores', prices.cores),
    unit('cores-memory-flavor', 'cores', prices.memoryCores, { class: 'r1.large' }),
    unit('ram', 'ram', prices.ram),
    unit('disk', 'disk', '0.00006'),
    unit('volume-ssd', 'volume', '0.00014', { class: 'ssd' }),
    unit('floating-ip', 'floating_ip', '0.004'),
    {
      id: 'egress',
      measure: 'egress',
      allowance: '50',
      price: {
        model: 'graduated',
        bands: [{ upTo: '500', unitPrice: '0.05' }, { unitPrice: '0.03' }],
      },
    },
    {
      id: 'object-storage',
      measure: 'object_storage',
      price: {
        model: 'volume',
        bands: [{ upTo: '100000', unitPrice: '0.00003' }, { unitPrice: '0.00002' }],
      },
    },
  ];
}

/** Agents poll once an hour, since the beginning of what is imported. */
export function sampleSettings(region: string, lastMonth: Month): object {
  return {
    region,
    metering: [{ from: `${lastMonth}-01`, intervalSeconds: 3_600, gapToleranceSeconds: 7_200 }],
    capacity: { reserveHosts: 1 },
  };
}
