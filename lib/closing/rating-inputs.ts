import { measuresByResource } from '../billing/price-month.ts';
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

export interface RatingInputs extends MonthUsage {
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
  /** Sorted by key. */
  readonly objects: readonly UsageObject[];
}

/** Downloads under way at once. */
const DOWNLOADS_AT_ONCE = 8;

/** Takes everything that the bills of a month are made from, as it is now, for as long as `use` runs. */
export async function withRatingInputs<T>(
  ports: RatePorts,
  period: Month,
  use: (inputs: RatingInputs) => Promise<T>,
): Promise<T> {
  const [cards, teams, adjustments, pools, exchangeRates] = await Promise.all([
    ports.configuration.list('rate-card'),
    ports.configuration.list('team'),
    ports.configuration.list('adjustment'),
    ports.configuration.list('cost-pool'),
    ports.configuration.list('exchange-rate'),
  ]);
  const byResource = measuresByResource(cards.map(({ body }) => readRateCard(body)));
  return ports.scratch.use(async (scratchFolder) => {
    const taken = await takeUsage(ports, period, scratchFolder);
    const usageFiles = taken.map(({ path }) => path);
    const objects = taken.map(({ object }) => object);
    return ports.usage.read({ usageFiles, byResource, scratchFolder }, (usage) =>
      use({ ...usage, cards, teams, adjustments, pools, exchangeRates, objects }),
    );
  });
}

interface TakenObject {
  readonly object: UsageObject;
  readonly path: string;
}

async function takeUsage(ports: RatePorts, period: Month, folder: string): Promise<TakenObject[]> {
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
  { regions, lake }: RatePorts,
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
