import { readInputs } from '../billing/close-input.ts';
import { costsByLabel, type LabelCosts } from '../billing/label-costs.ts';
import type { Month } from '../period/calendar.ts';
import { type StandingPorts, withStandingInputs } from './standing-inputs.ts';

export interface LabelQuestion {
  readonly period: Month;
  readonly label: string;
  /** Null: all teams. */
  readonly team: string | null;
}

export interface MonthLabelCosts extends LabelCosts {
  readonly period: Month;
  readonly label: string;
  readonly team: string | null;
  readonly state: 'estimate' | 'draft' | 'issued';
}

/**
 * What the bills of a month that stand come to by a label: of a closed month from what its close kept.
 *
 * @throws ProblemError `refused` when what a close kept is not there any more
 */
export async function billsByLabel(
  ports: StandingPorts,
  { period, label, team }: LabelQuestion,
): Promise<MonthLabelCosts> {
  return withStandingInputs(
    ports,
    { period },
    async ({ record, cited: _cited, ...inputs }): Promise<MonthLabelCosts> => {
      const costs = await costsByLabel(readInputs({ period, ...inputs }), { label, team });
      const state = record === null || record.state === 'open' ? 'estimate' : record.state;
      return { period, label, team, state, ...costs };
    },
  );
}
