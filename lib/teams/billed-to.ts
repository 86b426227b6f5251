import * as z from 'zod';
import type { Team } from '../rating/team.ts';

/** Whom a bill is for, as the team was when it was made: a team that is renamed later changes none. */
export interface BilledTo {
  readonly name?: string;
  readonly costCentre?: string;
  readonly glAccount?: string;
  readonly purchaseOrder?: string;
  readonly owner?: string;
  readonly contact?: string;
}

const text = z.string().exactOptional();

export const billedToSchema: z.ZodType<BilledTo> = z.strictObject({
  name: text,
  costCentre: text,
  glAccount: text,
  purchaseOrder: text,
  owner: text,
  contact: text,
});

const FIELDS = ['name', 'costCentre', 'glAccount', 'purchaseOrder', 'owner', 'contact'] as const;

export function billedTo(team: Team | undefined): BilledTo {
  const told = FIELDS.flatMap((field) => {
    const value = team?.[field];
    return value === undefined ? [] : [[field, value]];
  });
  return Object.fromEntries(told);
}
