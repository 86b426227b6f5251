import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenarioSchema } from '../../../lib/scenarios/scenario.ts';
import { scenarioOfText, scenarioUrl } from '../../../lib/scenarios/scenario-url.ts';
import { ask, knownRegionOf } from './known-regions.ts';

const KNOWN = [knownRegionOf('west', { horizonDays: 60 })];

const day = fc.integer({ min: 1, max: 58 }).map((later) => {
  return new Date(Date.UTC(2026, 10, 20) + later * 86_400_000).toISOString().slice(0, 10);
});
const growth = fc.integer({ min: -50, max: 900 });
const orders = fc.array(
  fc.record({ region: fc.constant('west'), from: day, hosts: fc.integer({ min: 1, max: 9 }) }),
  { maxLength: 3 },
);
const launch = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  region: fc.constant('west'),
  kind: fc.constant('launch'),
  date: day,
  size: fc.record({ cores: fc.integer({ min: 0, max: 800 }) }),
  probability: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
});
const scenario = fc.record({
  growthPercentPerYear: growth,
  orders,
  events: fc.array(launch, { maxLength: 2 }),
  reserves: fc.array(fc.record({ hosts: fc.integer({ min: 0, max: 4 }) }), { maxLength: 1 }),
});

/** Probability of exhaustion by each of the days that are told. */
function chances(asked: unknown): number[] {
  const joint = ask(asked, KNOWN).regions[0]?.scenario?.joint;
  return joint?.probabilityBy.map(({ probability }) => probability) ?? [];
}

describe('laws of scenarios', () => {
  it('more hosts never bring exhaustion nearer', { timeout: 120_000 }, () =>
    fc.assert(
      fc.property(scenario, fc.integer({ min: 1, max: 5 }), day, (asked, hosts, from) => {
        const more = { ...asked, orders: [...asked.orders, { region: 'west', from, hosts }] };
        const [without, with_] = [chances(asked), chances(more)];
        expect(with_).toHaveLength(without.length);
        for (const [index, chance] of with_.entries()) {
          expect(chance).toBeLessThanOrEqual(without[index] ?? Number.NaN);
        }
      }),
      { numRuns: 8 },
    ),
  );

  it('more growth never puts exhaustion off', { timeout: 120_000 }, () =>
    fc.assert(
      fc.property(scenario, fc.integer({ min: 1, max: 100 }), (asked, more) => {
        const growthPercentPerYear = asked.growthPercentPerYear + more;
        const [slower, faster] = [chances(asked), chances({ ...asked, growthPercentPerYear })];
        for (const [index, chance] of faster.entries()) {
          expect(chance).toBeGreaterThanOrEqual(slower[index] ?? Number.NaN);
        }
      }),
      { numRuns: 8 },
    ),
  );

  it('the base is the same whatever is asked, and so is an answer that is asked for again', () => {
    const base = ask({}, KNOWN).regions[0]?.base;
    fc.assert(
      fc.property(scenario, (asked) => {
        const answer = ask(asked, KNOWN);
        expect(answer.regions[0]?.base).toEqual(base);
        expect(ask(asked, KNOWN)).toEqual(answer);
      }),
      { numRuns: 5 },
    );
  });

  it('an address gives back the scenario that it was made from', () =>
    fc.assert(
      fc.property(
        scenario,
        fc.option(fc.string({ minLength: 1, maxLength: 200 })),
        (asked, name) => {
          const told = scenarioSchema.parse(name === null ? asked : { ...asked, name });
          const url = scenarioUrl(told);
          if (url === null) return;
          const query = new URL(url, 'http://localhost').searchParams.get('scenario') ?? '';
          expect(scenarioOfText(query)).toEqual(told);
        },
      ),
      { numRuns: 200 },
    ));

  it('one that is too long for an address has none', () => {
    const events = Array.from({ length: 100 }, (_, index) => ({
      id: `event-${index}`,
      region: 'west',
      kind: 'launch',
      date: '2027-01-01',
      size: { cores: 1 },
    }));
    expect(scenarioUrl(scenarioSchema.parse({ events }))).toBeNull();
  });
});
