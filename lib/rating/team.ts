import * as z from 'zod';
import { fromInteger } from '../decimal/decimal.ts';
import { decimalField } from '../decimal/decimal-field.ts';
import { budgetField } from './budget.ts';
import { boundaryField, idField, missingOr, objectOf } from './fields.ts';
import { readDocument } from './validate.ts';

/** Whom usage is billed to when its project has no team, or not all of it. */
export const UNASSIGNED = 'unassigned';

const MAX_SHARE_DECIMALS = 18;
/** A share of 100 %. */
export const WHOLE_SHARE = fromInteger(100);

const textField = z
  .string({ error: missingOr('must be text') })
  .max(1_000, 'must have at most 1,000 characters');

/** A team's part in a project: `share` percent (100 when left out) from `from` to before `to`. */
const mappingField = objectOf({
  project: idField,
  share: decimalField({
    wholeDigits: 3,
    decimals: MAX_SHARE_DECIMALS,
    least: 'above zero',
    most: WHOLE_SHARE,
  }).optional(),
  from: boundaryField.optional(),
  to: boundaryField.optional(),
}).refine(({ from, to }) => from === undefined || to === undefined || from < to, {
  path: ['to'],
  message: 'must be after from (it is exclusive)',
});

/** A team as the API takes it, `headroom apply` loads it and `headroom quote` reads it. */
export const teamSchema = objectOf({
  id: idField.refine(
    (id) => id !== UNASSIGNED,
    `must not be "${UNASSIGNED}": that is where usage without a team goes`,
  ),
  name: textField.optional(),
  costCentre: textField.optional(),
  glAccount: textField.optional(),
  purchaseOrder: textField.optional(),
  owner: textField.optional(),
  contact: textField.optional(),
  budget: budgetField.optional(),
  projects: z
    .array(mappingField, { error: missingOr('must be a list of projects') })
    .max(10_000, 'must have at most 10,000 projects'),
});

export type Team = z.output<typeof teamSchema>;
export type TeamDocument = z.input<typeof teamSchema>;

/** @throws ProblemError `invalid`, with a pointer to each fault */
export function readTeam(document: unknown): Team {
  return readDocument(teamSchema, document, 'The team');
}
