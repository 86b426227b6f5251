import type { FunctionName } from './function-catalogue.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly function: FunctionName;
}

const READ_PATHS = [
  '/v1/ingests',
  '/v1/ingests/{id}',
  '/v1/ingests/{id}/quarantine',
  '/v1/quarantine',
  '/v1/regions',
  '/v1/regions/{region}/settings',
  '/v1/regions/{region}/capacity',
  '/v1/regions/{region}/demand',
  '/v1/regions/{region}/completeness',
  '/v1/regions/{region}/forecasts/{metric}',
  '/v1/regions/{region}/fit',
  '/v1/forecasts/runs/{name}',
  '/v1/rebuilds/{name}',
  '/v1/usage',
  '/v1/usage/exports/{id}',
  '/v1/usage/explanations/{id}',
  '/v1/rated-history',
  '/v1/rate-cards',
  '/v1/rate-cards/{id}',
  '/v1/names',
  '/v1/meters',
  '/v1/meters/{id}',
  '/v1/teams',
  '/v1/teams/{id}',
  '/v1/adjustments',
  '/v1/adjustments/{id}',
  '/v1/cost-pools',
  '/v1/cost-pools/{id}',
  '/v1/exchange-rates',
  '/v1/exchange-rates/{id}',
  '/v1/sources',
  '/v1/sources/{id}',
  '/v1/bills',
  '/v1/bills/{period}/{team}',
  '/v1/bills/{period}/{team}/lines',
  '/v1/periods',
  '/v1/periods/{period}',
  '/v1/periods/{period}/runs/{name}',
  '/v1/openapi.json',
  '/v1/health',
] as const;

const WRITES: readonly (readonly [Method, string])[] = [
  ['POST', '/v1/uploads'],
  ['POST', '/v1/ingests/{id}/retract'],
  ['POST', '/v1/ingests/{id}/quarantine/replay'],
  ['PUT', '/v1/regions/{region}/settings'],
  ['POST', '/v1/forecasts'],
  ['POST', '/v1/rebuilds'],
  ['POST', '/v1/usage/exports'],
  ['POST', '/v1/usage/explanations'],
  ['PUT', '/v1/rate-cards/{id}'],
  ['DELETE', '/v1/rate-cards/{id}'],
  ['PUT', '/v1/names'],
  ['PUT', '/v1/meters/{id}'],
  ['DELETE', '/v1/meters/{id}'],
  ['PUT', '/v1/teams'],
  ['PUT', '/v1/teams/{id}'],
  ['DELETE', '/v1/teams/{id}'],
  ['PUT', '/v1/adjustments/{id}'],
  ['DELETE', '/v1/adjustments/{id}'],
  ['PUT', '/v1/cost-pools/{id}'],
  ['DELETE', '/v1/cost-pools/{id}'],
  ['PUT', '/v1/exchange-rates/{id}'],
  ['DELETE', '/v1/exchange-rates/{id}'],
  ['PUT', '/v1/sources/{id}'],
  ['DELETE', '/v1/sources/{id}'],
  ['POST', '/v1/sources/{id}/pull'],
  ['POST', '/v1/periods/{period}/close'],
  ['POST', '/v1/periods/{period}/issue'],
];

/** Every route of the HTTP API; what is not here answers 404 at the gateway. */
export const ROUTES: readonly Route[] = [
  { method: 'POST', path: '/v1/regions/{region}/samples', function: 'samples' },
  ...READ_PATHS.map((path): Route => ({ method: 'GET', path, function: 'read' })),
  ...WRITES.map(([method, path]): Route => ({ method, path, function: 'admin' })),
];
