import { measuresByResource } from '../billing/price-month.ts';
import type { DocumentAuthor } from '../billing/price-terms.ts';
import { compareText } from '../identifiers.ts';
import { usageDayPrefix } from '../metering/lake-keys.ts';
import { daysOfMonth, type Month } from '../period/calendar.ts';
import type { ConfigDocument } from '../ports/config-store.ts';
import type { MonthUsage } from '../ports/month-usage.ts';
import { readRateCard } from '../rating/rate-card.ts';
import type { RatePorts } from './closing-ports.ts';

/** A usage object of the lake as it was when the month was rated. */
export interface UsageObject {
  readonly key: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** What prices a month, as it is configured now. */
export interface PricingDocuments {
  /** Sorted by id. */
  readonly cards: readonly ConfigDocument[];
  /** Sorted by id. */
  readonly teams: readonly ConfigDocument[];
  /** Sorted by id, which is the order in which they apply. */
  readonly adjustments: readonly ConfigDocument[];
  /** Of all months, sorted by id. */
  readonly pools: readonly ConfigDocument[];
  /** Of all dates, sorted by id. */
  readonly exchangeRates: readonly ConfigDocument[];
}

export interface RatingInputs extends MonthUsage, PricingDocuments {
  /** Sorted by key. */
  readonly objects: readonly UsageObject[];
  /** Puts the usage objects beside the bills, under their hashes: metering replaces them in the lake. */
  readonly keep: () => Promise<void>;
}

/** Where the usage that bills were made from is kept, once whatever cites it. */
export function keptUsageKey(sha256: string): string {
  return `kept-usage/${sha256}.parquet`;
}

/** The documents as a close takes them, but for the usage. */
export function pricingOf(documents: PricingDocuments) {
  const bodies = (list: readonly ConfigDocument[]) => list.map(({ body }) => body);
  return {
    cards: bodies(documents.cards),
    teams: bodies(documents.teams),
    adjustments: bodies(documents.adjustments),
    pools: bodies(documents.pools),
    exchangeRates: bodies(documents.exchangeRates),
  };
}

/** Who wrote the present version of each, by id. */
export function authorsOf(
  documents: readonly ConfigDocument[],
): ReadonlyMap<string, DocumentAuthor> {
  return new Map(documents.map(({ id, actor, updatedAt }) => [id, { actor, at: updatedAt }]));
}

export async function pricingDocuments({
  configuration,
}: Pick<RatePorts, 'configuration'>): Promise<PricingDocuments> {
  const [cards, teams, adjustments, pools, exchangeRates] = await Promise.all([
    configuration.list('rate-card'),
    configuration.list('team'),
    configuration.list('adjustment'),
    configuration.list('cost-pool'),
    configuration.list('exchange-rate'),
  ]);
  return { cards, teams, adjustments, pools, exchangeRates };
}

/** Downloads under way at once. */
const DOWNLOADS_AT_ONCE = 8;

type Ports = Pick<
  RatePorts,
  'configuration' | 'scratch' | 'regions' | 'lake' | 'documents' | 'usage' | 'sha256OfFile'
>;

/** Takes everything that the bills of a month are made from, as it is now, for as long as `use` runs. */
export async function withRatingInputs<T>(
  ports: Ports,
  period: Month,
  use: (inputs: RatingInputs) => Promise<T>,
): Promise<T> {
  const documents = await pricingDocuments(ports);
  const byResource = measuresByResource(documents.cards.map(({ body }) => readRateCard(body)));
  return ports.scratch.use(async (scratchFolder) => {
    const taken = await takeUsage(ports, period, scratchFolder);
    const usageFiles = taken.map(({ path }) => path);
    const objects = taken.map(({ object }) => object);
    const keep = () => keepUsage(ports, taken);
    return ports.usage.read({ usageFiles, byResource, scratchFolder }, (usage) =>
      use({ ...usage, ...documents, objects, keep }),
    );
  });
}

async function keepUsage({ documents }: Ports, taken: readonly TakenObject[]): Promise<void> {
  for (let start = 0; start < taken.length; start += DOWNLOADS_AT_ONCE) {
    const some = taken.slice(start, start + DOWNLOADS_AT_ONCE).map(async ({ object, path }) => {
      const key = keptUsageKey(object.sha256);
      // What is there has these bytes; another version of it would stay for years.
      if ((await documents.head(key)) === null) await documents.upload(key, path);
    });
    await Promise.all(some);
  }
}

interface TakenObject {
  readonly object: UsageObject;
  readonly path: string;
}

async function takeUsage(ports: Ports, period: Month, folder: string): Promise<TakenObject[]> {
  const keys = await usageKeys(ports, period);
  const taken: TakenObject[] = [];
  for (let start = 0; start < keys.length; start += DOWNLOADS_AT_ONCE) {
    const some = keys.slice(start, start + DOWNLOADS_AT_ONCE).map(async (key, index) => {
      const path = `${folder}/usage-${start + index}.parquet`;
      // Metering replaces usage objects and never removes one, but a person may.
      if (!(await ports.lake.download(key.key, path))) return null;
      return { object: { ...key, sha256: await ports.sha256OfFile(path) }, path };
    });
    taken.push(...(await Promise.all(some)).filter((one) => one !== null));
  }
  return taken;
}

async function usageKeys(
  { regions, lake }: Ports,
  period: Month,
): Promise<{ readonly key: string; readonly sizeBytes: number }[]> {
  const days = daysOfMonth(period);
  const found = (await regions.list()).map(async ({ region }) => {
    const keys: { readonly key: string; readonly sizeBytes: number }[] = [];
    // A month is what its days begin with: one listing gives them all.
    for await (const { key, sizeBytes } of lake.list(usageDayPrefix(region, period).slice(0, -1))) {
      if (days.some((day) => key.startsWith(usageDayPrefix(region, day)))) {
        keys.push({ key, sizeBytes });
      }
    }
    return keys;
  });
  return (await Promise.all(found)).flat().toSorted((a, b) => compareText(a.key, b.key));
}
