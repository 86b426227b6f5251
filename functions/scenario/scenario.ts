import { surveyBody } from '../../lib/capacity/survey-answer.ts';
import { ProblemError } from '../../lib/errors.ts';
import type { Region } from '../../lib/identifiers.ts';
import { type InputPorts, knownRegion } from '../../lib/planning/gather-inputs.ts';
import { remembered } from '../../lib/planning/remembered.ts';
import type { Regions } from '../../lib/ports/regions.ts';
import type { SurveyStore } from '../../lib/ports/surveys.ts';
import { answerScenario, type ScenarioRegion } from '../../lib/scenarios/answer-scenario.ts';
import type { Scenario } from '../../lib/scenarios/scenario.ts';
import { scenarioOf, scenarioOfText } from '../../lib/scenarios/scenario-url.ts';
import {
  askScenario,
  getSavedScenarioAnswer,
  getScenarioAnswer,
} from '../http/contracts/scenarios.ts';
import { json } from '../http/reply.ts';
import { httpHandler, type Implementation, implement, type RouterOptions } from '../http/router.ts';

/** Nothing that writes. */
export interface ScenarioPorts extends InputPorts {
  readonly regions: Pick<Regions, 'list'>;
  readonly surveys: Pick<SurveyStore, 'latest'>;
}

/** Who tries one scenario after another waits for the backtests of the first alone. */
const SERIES_REMEMBERED = 64;

export function scenarioRoutes(ports: ScenarioPorts): Implementation[] {
  const forecast = remembered(SERIES_REMEMBERED);
  const answered = async (scenario: Scenario) =>
    json(200, answerScenario(scenario, await knownFor(ports, scenario), forecast));
  return [
    implement(askScenario, ({ body }) => answered(body)),
    implement(getScenarioAnswer, ({ query }) => answered(scenarioOfText(query.scenario))),
    implement(getSavedScenarioAnswer, async ({ params: { id } }) => {
      const saved = await ports.configuration.get('scenario', id);
      if (saved === null) {
        throw new ProblemError(
          'not_found',
          `There is no scenario "${id}": GET /v1/scenarios lists those that are saved.`,
        );
      }
      return answered(scenarioOf(saved.body));
    }),
  ];
}

export function scenarioHandler(ports: ScenarioPorts, logError: RouterOptions['logError']) {
  return httpHandler({ implementations: scenarioRoutes(ports), logError });
}

/** The regions that the scenario needs, of those that have any demand. */
async function knownFor(ports: ScenarioPorts, scenario: Scenario): Promise<ScenarioRegion[]> {
  const all = (await ports.regions.list()).map(({ region }) => region);
  const known: ScenarioRegion[] = [];
  for (const region of all.filter((one) => isNeeded(scenario, one))) {
    const own = await knownRegion(ports, region);
    if (own.inputs.demand.cores.length + own.inputs.demand.ram.length === 0) continue;
    const survey = scenario.mix === undefined ? null : await ports.surveys.latest(region);
    known.push(survey === null ? own : { ...own, presentMix: surveyBody.parse(survey.body).mix });
  }
  return known;
}

/** A region that is lost may go to any other. */
function isNeeded(scenario: Scenario, region: Region): boolean {
  const { regions, lost, orders = [], ratios = [], reserves = [], changes = [] } = scenario;
  if (regions === undefined || lost !== undefined) return true;
  const named = [...orders, ...ratios, ...reserves, ...changes, ...(scenario.events ?? [])];
  return regions.includes(region) || named.some((one) => one.region === region);
}
