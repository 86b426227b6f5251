import { capacityPlan } from '../../../lib/capacity/usable.ts';
import { parseRegion } from '../../../lib/identifiers.ts';
import { type KnownRegion, outlookOf } from '../../../lib/planning/gather-inputs.ts';
import type { RegionForecastInputs } from '../../../lib/planning/region-inputs.ts';
import { answerScenario, type ScenarioRegion } from '../../../lib/scenarios/answer-scenario.ts';
import { scenarioSchema } from '../../../lib/scenarios/scenario.ts';
import type { ScenarioAnswer } from '../../../lib/scenarios/scenario-answer.ts';
import { lastWeekAgain, regionUntil, steadyWeeks } from '../records/planned-region.ts';

export const LAST = '2026-11-20';

/** A region of ten hosts of 100 cores and 400 GiB, one in reserve, that uses some 500 cores. */
export function knownRegionOf(
  region: string,
  with_: Partial<RegionForecastInputs> = {},
  hosts = 10,
): KnownRegion {
  const plan = capacityPlan(
    [
      {
        region: parseRegion(region),
        source: 'placement',
        observedAt: '2026-11-20T12:00:00Z',
        hosts: Array.from({ length: hosts }, (_, index) => ({
          host: `h${index}`,
          inventories: {
            VCPU: { total: 50, reserved: 0, allocationRatio: '2.0', used: null },
            MEMORY_MB: { total: 409_600, reserved: 0, allocationRatio: '1.0', used: null },
          },
        })),
      },
    ],
    {},
  );
  const inputs = regionUntil(LAST, steadyWeeks(500, 91), { horizonDays: 120, ...with_, region });
  const capacity = {
    cores: plan && outlookOf(plan, 'cores'),
    ram: plan && outlookOf(plan, 'ram'),
  };
  return { inputs: { ...inputs, capacity }, plan };
}

export function ask(
  scenario: unknown,
  known: readonly ScenarioRegion[] = [knownRegionOf('west')],
): ScenarioAnswer {
  return answerScenario(scenarioSchema.parse(scenario), known, lastWeekAgain);
}

/** Medians of demand 90 days ahead and probability of exhaustion within 90, of base and scenario. */
export function shortly(answer: ScenarioAnswer, region = 'west') {
  const found = answer.regions.find((one) => one.region === region);
  if (!found) throw new Error(`no answer for ${region}`);
  const side = (of: typeof found.scenario) => ({
    cores: Math.round(of?.cores?.demand.find(({ days }) => days === 90)?.p50 ?? Number.NaN),
    ram: Math.round(of?.ram?.demand.find(({ days }) => days === 90)?.p50 ?? Number.NaN),
    usable: of?.cores?.usable.at(-1)?.usable,
    exhausted: of?.joint?.probabilityBy.find(({ days }) => days === 90)?.probability,
  });
  return { base: side(found.base), scenario: side(found.scenario) };
}
