import { DAY_US } from '../../lib/period/instant.ts';
import type { Holding, Instance } from './cloud.ts';
import type { Random } from './random.ts';
import { between, type Span } from './span.ts';

const GIB = 2 ** 30;

/** Volumes, addresses, object stores and images of projects that have instances. */
export function buildHoldings(
  random: Random,
  span: Span,
  instances: readonly Instance[],
): Holding[] {
  const holdings: Holding[] = [];
  const add = (kind: Holding['kind'], size: number, growthPerDay: number): void => {
    const owner = random.pick(instances);
    holdings.push({
      kind,
      id: random.uuid(),
      project: owner.projects[0]?.value ?? 'platform-core',
      userId: owner.userId,
      createdAt: span.start - DAY_US * (1 + random.integer(200)),
      deletedAt:
        kind === 'volume' && random.integer(6) === 0 ? between(random, span.start, span.end) : null,
      size,
      growthPerDay,
      pollOffsetUs: 40_000_000 + holdings.length * 100_000 + random.integer(90_000),
    });
  };
  for (let count = 0; count < 14; count += 1) add('volume', 20 * (1 + random.integer(12)), 0);
  for (let count = 0; count < 9; count += 1) add('address', 1, 0);
  for (let count = 0; count < 4; count += 1) {
    add(
      'object-store',
      Math.round(GIB * (20 + 400 * random.next())),
      Math.round(GIB * random.next()),
    );
  }
  for (let count = 0; count < 3; count += 1)
    add('image', Math.round(GIB * (1 + 8 * random.next())), 0);
  return holdings;
}
