import * as z from 'zod';
import { billingSettingsSchema } from '../../../lib/billing/billing-settings.ts';
import { calendarSchema } from '../../../lib/planning/calendar-document.ts';
import { adjustmentSchema } from '../../../lib/rating/adjustment.ts';
import { costPoolSchema } from '../../../lib/rating/cost-pool.ts';
import { exchangeRateSchema } from '../../../lib/rating/exchange-rates.ts';
import { savedScenarioSchema } from '../../../lib/scenarios/scenario.ts';
import type { RouteContract } from '../contract.ts';
import { type Described, documentRoutes, type Place } from './document-routes.ts';
import { documentId } from './documents.ts';
import { noParams } from './shared.ts';

const BY_ITSELF = {
  prefix: '',
  tag: 'Configuration',
  listParams: noParams,
  oneParams: documentId,
  stored: { id: z.string() },
  listSummary: (path) => `All of ${path}, by id`,
  putSummary: (name) => `Write one ${name}`,
} satisfies Place<z.ZodObject, z.ZodObject>;

/** The routes of configuration of which each document stands for itself. */
export function configuredDocument<S extends z.ZodType>(described: Described<S>) {
  return documentRoutes(BY_ITSELF, described);
}

export const ADJUSTMENTS = configuredDocument({
  kind: 'adjustment',
  path: 'adjustments',
  title: 'Adjustment',
  name: 'adjustment',
  body: adjustmentSchema,
  onDelete: 'Take an adjustment away; issued bills keep its lines',
});

export const COST_POOLS = configuredDocument({
  kind: 'cost-pool',
  path: 'cost-pools',
  title: 'CostPool',
  name: 'cost pool',
  body: costPoolSchema,
  onDelete: 'Take a cost pool away; issued bills keep its lines',
});

export const EXCHANGE_RATES = configuredDocument({
  kind: 'exchange-rate',
  path: 'exchange-rates',
  title: 'ExchangeRate',
  name: 'exchange rate',
  body: exchangeRateSchema,
  onDelete: 'Take an exchange rate away; issued bills keep what they cite',
});

export const BILLING_SETTINGS = configuredDocument({
  kind: 'billing-settings',
  path: 'billing-settings',
  title: 'BillingSetting',
  name: 'billing settings',
  body: billingSettingsSchema,
  onDelete: 'Go back to the defaults',
});

export const CALENDARS = configuredDocument({
  kind: 'calendar',
  path: 'calendars',
  title: 'Calendar',
  name: 'calendar',
  body: calendarSchema,
  onDelete: 'Take a calendar away; its days count as any other from the next forecast on',
});

export const SCENARIOS = configuredDocument({
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
