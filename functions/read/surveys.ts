import { mixOf, packingView } from '../../lib/capacity/packing-view.ts';
import { pageOfReclaim, type Survey } from '../../lib/capacity/reclaim-page.ts';
import { storedFlavors } from '../../lib/capacity/stored-flavors.ts';
import { surveyBody } from '../../lib/capacity/survey-answer.ts';
import { capacityPlan } from '../../lib/capacity/usable.ts';
import { ProblemError } from '../../lib/errors.ts';
import { compareText, type Region } from '../../lib/identifiers.ts';
import { storedSettings } from '../../lib/metering/stored-settings.ts';
import {
  getOvercommit,
  getPacking,
  getRegionReclaim,
  getTeamReclaim,
} from '../http/contracts/surveys.ts';
import { compositeKey, pageOf } from '../http/cursor.ts';
import { requireRegion } from '../http/known-region.ts';
import { json } from '../http/reply.ts';
import { type ApiRequest, type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

type SurveyReadPorts = Pick<ReadPorts, 'regions' | 'capacity' | 'configuration' | 'surveys'>;

/** The same mix and capacity give the same answer, whoever asks. */
const SEED = 1;

export function surveyRoutes(ports: SurveyReadPorts): Implementation[] {
  return [
    implement(getPacking, async ({ params: { region }, query }) => {
      await requireRegion(ports.regions, region);
      return json(200, await packing(ports, region, query));
    }),
    implement(getOvercommit, async ({ params: { region } }) => {
      await requireRegion(ports.regions, region);
      return json(200, (await requireSurvey(ports, region)).body.overcommit);
    }),
    implement(getRegionReclaim, async ({ params: { region }, query }) => {
      await requireRegion(ports.regions, region);
      const surveys = [await requireSurvey(ports, region)];
      return json(200, reclaimPage(surveys, query, `reclaim of ${region}`));
    }),
    implement(getTeamReclaim, async ({ params: { id: team }, query }) => {
      const regions = await ports.regions.list();
      const surveys = await Promise.all(regions.map(({ region }) => surveyOf(ports, region)));
      const known = surveys.filter((survey) => survey !== null);
      return json(200, reclaimPage(known, { ...query, team }, `reclaim of team ${team}`));
    }),
  ];
}

function reclaimPage(
  surveys: readonly Survey[],
  query: ApiRequest<typeof getRegionReclaim>['query'],
  list: string,
) {
  const { team, kind, confidence, limit, cursor } = query;
  const { head, items } = pageOfReclaim(surveys, { team, kind, confidence });
  // Numbered, since they come by cost: a cursor is of one survey.
  const numbered = items.map((item, index) => ({ item, key: String(index).padStart(8, '0') }));
  const of = surveys.map(({ region, createdAt }) => compositeKey(region, createdAt));
  const page = pageOf(numbered, ({ key }) => key, {
    list: JSON.stringify([list, team, kind, confidence, of.sort(compareText)]),
    limit,
    cursor,
  });
  return { ...head, items: page.items.map(({ item }) => item), nextCursor: page.nextCursor };
}

async function surveyOf(ports: SurveyReadPorts, region: Region): Promise<Survey | null> {
  const record = await ports.surveys.latest(region);
  if (record === null) return null;
  return { region, createdAt: record.createdAt, body: surveyBody.parse(record.body) };
}

async function requireSurvey(ports: SurveyReadPorts, region: Region): Promise<Survey> {
  const survey = await surveyOf(ports, region);
  if (survey !== null) return survey;
  throw new ProblemError(
    'not_found',
    `The region "${region}" has not been surveyed yet: that happens every night for regions with metered usage, and now with POST /v1/forecasts.`,
  );
}

async function packing(
  ports: SurveyReadPorts,
  region: Region,
  { mix: asked, day }: ApiRequest<typeof getPacking>['query'],
) {
  const [snapshots, { capacity = {} }, flavors] = await Promise.all([
    ports.capacity.latest(region),
    storedSettings(ports.configuration, region),
    storedFlavors(ports, region),
  ]);
  const plan = capacityPlan(snapshots, capacity, flavors);
  if (plan === null) {
    throw new ProblemError(
      'not_found',
      `No host of region "${region}" is known: ingest its Placement inventories or Nova hypervisors.`,
    );
  }
  const counts = new Map(
    asked ?? (await requireSurvey(ports, region)).body.mix.map((one) => [one.flavor, one.count]),
  );
  const { mix, unknown } = mixOf(counts, flavors);
  if (mix.length === 0 || (asked && unknown.length > 0)) {
    const names = unknown.length > 0 ? `: ${unknown.join(', ')}` : '';
    throw new ProblemError(
      'refused',
      `The mix has no flavor that is known, or some that are not${names}. GET /v1/regions/${region}/flavors lists those that are; ?mix=m1.small:10,m1.large:3 gives another mix.`,
      [{ pointer: '/query/mix', message: 'names no flavors that are known' }],
    );
  }
  return packingView({
    region,
    plan,
    mix,
    mixFrom: asked ? 'request' : 'metered',
    day,
    seed: SEED,
  });
}
