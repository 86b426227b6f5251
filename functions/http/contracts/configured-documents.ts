import * as z from 'zod';
import { billingSettingsSchema } from '../../../lib/billing/billing-settings.ts';
import { calendarSchema } from '../../../lib/planning/calendar-document.ts';
import type { ConfigKind } from '../../../lib/ports/config-store.ts';
import { adjustmentSchema } from '../../../lib/rating/adjustment.ts';
import { costPoolSchema } from '../../../lib/rating/cost-pool.ts';
import { exchangeRateSchema } from '../../../lib/rating/exchange-rates.ts';
import { savedScenarioSchema } from '../../../lib/scenarios/scenario.ts';
import { contract, type RouteContract } from '../contract.ts';
import { pageQuery } from '../cursor.ts';
import { documentId, listItem, WRITE_DESCRIPTION, WRITE_PROBLEMS, written } from './documents.ts';
import { noParams, noQuery, page } from './shared.ts';

/** Configuration of which each document stands for itself: what it is called, and what it may say. */
interface Described<S extends z.ZodType> {
  /** As the store names the kind. */
  readonly kind: ConfigKind;
  /** Path and list name, `adjustments`. */
  readonly path: string;
  /** For operation ids, `Adjustment`. */
  readonly title: string;
  /** In words, `adjustment`. */
  readonly name: string;
  readonly body: S;
  readonly onDelete: string;
}

/** The four routes of a kind of configuration. */
export function documentRoutes<S extends z.ZodType>(described: Described<S>) {
  const { path, title, name, body } = described;
  const stored = z.looseObject({ id: z.string() }).meta({ title: `Stored${title}` });
  const of = { tag: 'Configuration', query: noQuery } as const;
  return {
    ...described,
    list: contract({
      ...of,
      key: `GET /v1/${path}`,
      servedBy: 'read',
      operationId: `list${title}s`,
      summary: `All of ${path}, by id`,
      params: noParams,
      query: z.strictObject(pageQuery),
      body: null,
      responses: { 200: { description: 'A page of them.', schema: page(listItem(stored)) } },
      problems: [],
    }),
    get: contract({
      ...of,
      key: `GET /v1/${path}/{id}`,
      servedBy: 'read',
      operationId: `get${title}`,
      summary: `One ${name}, with its version as ETag`,
      params: documentId,
      body: null,
      responses: { 200: { description: `The ${name}.`, schema: stored, headers: ['ETag'] } },
      problems: [404],
    }),
    put: contract({
      ...of,
      key: `PUT /v1/${path}/{id}`,
      servedBy: 'admin',
      operationId: `put${title}`,
      summary: `Write one ${name}`,
      description: WRITE_DESCRIPTION,
      params: documentId,
      body,
      versioned: true,
      responses: written(stored, name),
      problems: WRITE_PROBLEMS,
    }),
    remove: contract({
      ...of,
      key: `DELETE /v1/${path}/{id}`,
      servedBy: 'admin',
      operationId: `delete${title}`,
      summary: described.onDelete,
      params: documentId,
      body: null,
      versioned: true,
      responses: { 204: { description: 'Gone.', schema: null } },
      problems: [404, 412, 428],
    }),
  };
}

export const ADJUSTMENTS = documentRoutes({
  kind: 'adjustment',
  path: 'adjustments',
  title: 'Adjustment',
  name: 'adjustment',
  body: adjustmentSchema,
  onDelete: 'Take an adjustment away; issued bills keep its lines',
});

export const COST_POOLS = documentRoutes({
  kind: 'cost-pool',
  path: 'cost-pools',
  title: 'CostPool',
  name: 'cost pool',
  body: costPoolSchema,
  onDelete: 'Take a cost pool away; issued bills keep its lines',
});

export const EXCHANGE_RATES = documentRoutes({
  kind: 'exchange-rate',
  path: 'exchange-rates',
  title: 'ExchangeRate',
  name: 'exchange rate',
  body: exchangeRateSchema,
  onDelete: 'Take an exchange rate away; issued bills keep what they cite',
});

export const BILLING_SETTINGS = documentRoutes({
  kind: 'billing-settings',
  path: 'billing-settings',
  title: 'BillingSetting',
  name: 'billing settings',
  body: billingSettingsSchema,
  onDelete: 'Go back to the defaults',
});

export const CALENDARS = documentRoutes({
  kind: 'calendar',
  path: 'calendars',
  title: 'Calendar',
  name: 'calendar',
  body: calendarSchema,
  onDelete: 'Take a calendar away; its days count as any other from the next forecast on',
});

export const SCENARIOS = documentRoutes({
  kind: 'scenario',
  path: 'scenarios',
  title: 'Scenario',
  name: 'scenario',
  body: savedScenarioSchema,
  onDelete: 'Forget a saved scenario',
});

/** Every kind whose documents stand each for itself. */
export const CONFIGURED_DOCUMENTS = [
  ADJUSTMENTS,
  COST_POOLS,
  EXCHANGE_RATES,
  BILLING_SETTINGS,
  CALENDARS,
  SCENARIOS,
] as const;

export const configuredDocumentContracts: readonly RouteContract[] = CONFIGURED_DOCUMENTS.flatMap(
  ({ list, get, put, remove }): RouteContract[] => [list, get, put, remove],
);
