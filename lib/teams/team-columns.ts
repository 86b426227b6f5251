/**
 * One row of CSV per team and mapping; what is of the team stands in each of its rows, or only in the
 * first. A team without projects has one row. Lists are divided by blanks.
 */
export const TEAM_COLUMNS = [
  'id',
  'name',
  'cost_centre',
  'gl_account',
  'purchase_order',
  'owner',
  'contact',
  'budget_amount',
  'budget_currency',
  'budget_actual',
  'budget_projected',
  'budget_projected_p90',
  'budget_muted_until',
  'budget_muted_by',
  'budget_muted_reason',
  'project',
  'share',
  'from',
  'to',
] as const;

export type TeamColumn = (typeof TEAM_COLUMNS)[number];

/** Columns of the mapping; all others are of the team. */
export const MAPPING_COLUMNS: ReadonlySet<TeamColumn> = new Set(['project', 'share', 'from', 'to']);

/** Fields of a team that are text and nothing else, by column. */
export const TEXT_FIELDS = {
  name: 'name',
  cost_centre: 'costCentre',
  gl_account: 'glAccount',
  purchase_order: 'purchaseOrder',
  owner: 'owner',
  contact: 'contact',
} as const satisfies Partial<Record<TeamColumn, string>>;

export const BUDGET_FIELDS = { amount: 'budget_amount', currency: 'budget_currency' } as const;
export const THRESHOLD_FIELDS = {
  actual: 'budget_actual',
  projected: 'budget_projected',
  projectedP90: 'budget_projected_p90',
} as const;
export const MUTE_FIELDS = {
  until: 'budget_muted_until',
  by: 'budget_muted_by',
  reason: 'budget_muted_reason',
} as const;
