import { ProblemError } from '../errors.ts';
import type { Month } from '../period/calendar.ts';
import type { ConfigKind } from '../ports/config-store.ts';
import { readAdjustment, requireDistinctAdjustments } from '../rating/adjustment.ts';
import { cardCalendar } from '../rating/card-calendar.ts';
import { poolsOfMonth, readCostPool } from '../rating/cost-pool.ts';
import { readExchangeRate } from '../rating/exchange-rates.ts';
import { readRateCard } from '../rating/rate-card.ts';
import { shareBook } from '../rating/shares.ts';
import { readTeam } from '../rating/team.ts';
import type { ClosePorts } from './closing-ports.ts';

/** All that is wrong with what prices a month, not the first fault alone. */
export async function configurationFaults(
  { configuration }: Pick<ClosePorts, 'configuration'>,
  period: Month,
): Promise<string[]> {
  const bodiesOf = async (kind: ConfigKind) =>
    (await configuration.list(kind)).map(({ body }) => body);
  const [cards, teams, adjustments, pools, rates] = await Promise.all([
    bodiesOf('rate-card'),
    bodiesOf('team'),
    bodiesOf('adjustment'),
    bodiesOf('cost-pool'),
    bodiesOf('exchange-rate'),
  ]);
  return [
    ...faultsOf(() => {
      const ofMonth = [...poolsOfMonth(pools.map(readCostPool), period).values()].flat();
      return cardCalendar(cards.map(readRateCard), period, ofMonth, rates.map(readExchangeRate));
    }),
    ...faultsOf(() => shareBook(teams.map(readTeam))),
    ...faultsOf(() => requireDistinctAdjustments(adjustments.map(readAdjustment))),
  ];
}

function faultsOf(check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return [error.message.replace(/\.$/, '')];
  }
}
