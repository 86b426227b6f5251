import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { adminHandler } from '../../functions/admin/admin.ts';
import { pathOf, type RouteContract, type RouteKey } from '../../functions/http/contract.ts';
import { problem } from '../../functions/http/contracts/shared.ts';
import { ROUTE_TABLE } from '../../functions/http/route-table.ts';
import { readHandler } from '../../functions/read/read.ts';
import { renderHandler } from '../../functions/render/render.ts';
import { scenarioHandler } from '../../functions/scenario/scenario.ts';
import { memoryAuditLog } from '../../lib/adapters/memory/audit-log.ts';
import { memoryBillStore } from '../../lib/adapters/memory/bill-store.ts';
import { memoryBudgetStates } from '../../lib/adapters/memory/budget-states.ts';
import { memoryCapacityStore } from '../../lib/adapters/memory/capacity-store.ts';
import { memoryConfigStore } from '../../lib/adapters/memory/config-store.ts';
import { memoryForecastStore } from '../../lib/adapters/memory/forecast-store.ts';
import { memoryImportedDemand } from '../../lib/adapters/memory/imported-demand.ts';
import { memoryJobStore } from '../../lib/adapters/memory/job-store.ts';
import { memoryLakeIndex } from '../../lib/adapters/memory/lake-index.ts';
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { memoryMessages } from '../../lib/adapters/memory/messages.ts';
import { memoryNameStore } from '../../lib/adapters/memory/names.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { memoryPartitions } from '../../lib/adapters/memory/partitions.ts';
import { memoryPullRequests } from '../../lib/adapters/memory/pull-requests.ts';
import { memoryRatedDays } from '../../lib/adapters/memory/rated-days.ts';
import { memoryRegions } from '../../lib/adapters/memory/regions.ts';
import { memoryRetractions } from '../../lib/adapters/memory/retractions.ts';
import { memorySourceStates } from '../../lib/adapters/memory/source-states.ts';
import { memorySurveyStore } from '../../lib/adapters/memory/survey-store.ts';
import { memoryUsageTotals } from '../../lib/adapters/memory/usage-totals.ts';
import { memoryWorkflow } from '../../lib/adapters/memory/workflow.ts';
import { nodeByteWork } from '../../lib/adapters/node/byte-work.ts';
import { pdfFonts } from '../../lib/adapters/node/pdf-fonts.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import { ratedHistory } from '../../lib/rated-history/rated-history.ts';

export const NOW = new Date('2026-11-21T12:00:00Z');

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Null when it is not JSON. */
  readonly body: unknown;
}

export interface Ask {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Instead of `body`: as it goes over the wire. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The read and admin functions on stores in memory. */
export function memoryApi(now: () => Date = () => NOW) {
  const closing = memoryWorkflow();
  const forecasting = memoryWorkflow();
  const rebuilding = memoryWorkflow();
  const audit = memoryAuditLog();
  const documents = memoryObjectStore(now);
  const landing = memoryObjectStore(now);
  const [imported, capacity] = [memoryImportedDemand(), memoryCapacityStore()];
  const [lake, rated, retractions] = [
    memoryObjectStore(now),
    memoryRatedDays(),
    memoryRetractions(),
  ];
  const ports = {
    regions: memoryRegions(),
    ledger: memoryLedger(),
    partitions: memoryPartitions(),
    lakeIndex: memoryLakeIndex(),
    totals: memoryUsageTotals(),
    imported,
    capacity,
    withdrawables: [imported, capacity, ratedHistory({ lake, days: rated, retractions })],
    retractions,
    bytes: nodeByteWork(),
    lake,
    audit,
    configuration: memoryConfigStore(audit),
    rated,
    forecasts: memoryForecastStore(),
    surveys: memorySurveyStore(),
    bills: memoryBillStore(),
    budgets: memoryBudgetStates(),
    jobs: memoryJobStore(),
    names: memoryNameStore(),
    messages: memoryMessages(),
    pulls: memoryPullRequests(),
    sources: memorySourceStates(),
    documents,
    landing,
    closing,
    forecasting,
    rebuilding,
    rebuildRuns: { describe: (name: string) => rebuilding.describe(`memory:${name}`) },
    closeRuns: { describe: (name: string) => closing.describe(`memory:${name}`) },
    forecastRuns: { describe: (name: string) => forecasting.describe(`memory:${name}`) },
    now,
    uuid: randomUUID,
    wakeupDelaySeconds: 5,
    version: 'test',
    fonts: pdfFonts,
  };
  const faults: { message: string; error: Error }[] = [];
  const logError = (message: string, { error }: { error: Error }): void => {
    faults.push({ message, error });
  };
  const handlers = {
    read: readHandler(ports, logError),
    render: renderHandler(ports, logError),
    admin: adminHandler(ports, logError),
    scenario: scenarioHandler(ports, logError),
  };
  return { ports, faults, ask, askRaw };

  /** As a client would, and holds the answer against the contract of its route. */
  async function ask(key: string, options: Ask = {}): Promise<Answer> {
    const [method = '', path = ''] = key.split(' ');
    const route = routeOf(method, path);
    const answer = await askRaw(key, options);
    if (route !== null) holdAgainstContract(route, answer);
    return answer;
  }

  async function askRaw(key: string, options: Ask = {}): Promise<Answer> {
    const [method = '', path = ''] = key.split(' ');
    const route = routeOf(method, path);
    const event = eventOf(route, method, path, options);
    const handler = handlers[handlerOf(route)];
    return answerOf(await handler(event));
  }
}

function handlerOf(route: RouteContract | null): 'read' | 'render' | 'admin' | 'scenario' {
  if (route === null || route.servedBy === 'samples') return 'read';
  return route.servedBy;
}

export function routeOf(method: string, path: string): RouteContract | null {
  const parts = path.split('/');
  const routes = ROUTE_TABLE.filter((route) => {
    const template = pathOf(route.key).split('/');
    return (
      route.key.startsWith(`${method} `) &&
      template.length === parts.length &&
      template.every((part, index) => part.startsWith('{') || part === parts[index])
    );
  });
  // As API Gateway: the route with the fewest variables wins.
  const variables = (key: RouteKey): number => key.split('{').length;
  return routes.toSorted((a, b) => variables(a.key) - variables(b.key))[0] ?? null;
}

function eventOf(
  route: RouteContract | null,
  method: string,
  path: string,
  { query, body, text, headers }: Ask,
): APIGatewayProxyEventV2 {
  const sent = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const type = sent === undefined ? {} : { 'content-type': 'application/json' };
  return {
    version: '2.0',
    routeKey: route?.key ?? '$default',
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { ...type, ...headers },
    ...(query === undefined ? {} : { queryStringParameters: { ...query } }),
    ...(route === null ? {} : { pathParameters: parametersOf(route, path) }),
    ...(sent === undefined ? {} : { body: sent }),
    isBase64Encoded: false,
    requestContext: {
      requestId: 'request-1',
      http: { method, path },
    } as APIGatewayProxyEventV2['requestContext'],
  };
}

function parametersOf(route: RouteContract, path: string): Record<string, string> {
  const parts = path.split('/');
  return Object.fromEntries(
    pathOf(route.key)
      .split('/')
      .flatMap((part, index) =>
        part.startsWith('{') ? [[part.slice(1, -1), decodeURIComponent(parts[index] ?? '')]] : [],
      ),
  );
}

function answerOf(result: APIGatewayProxyStructuredResultV2): Answer {
  const headers = Object.fromEntries(
    Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  const text = result.body ?? '';
  const isJson = headers['content-type']?.includes('json') ?? false;
  return { status: result.statusCode ?? 0, headers, text, body: isJson ? JSON.parse(text) : null };
}

/** @throws when the answer is not one that the description promises */
export function holdAgainstContract(route: RouteContract, answer: Answer): void {
  const response = route.responses[answer.status];
  if (response === undefined) {
    const statuses: readonly number[] = [400, 406, 500, ...route.problems];
    if (!statuses.includes(answer.status)) {
      throw new Error(`${route.key} answers ${answer.status}, which it does not promise`);
    }
    problem.parse(answer.body);
    return;
  }
  for (const name of response.headers ?? []) {
    if (answer.headers[name.toLowerCase()] === undefined && answer.status !== 200) {
      throw new Error(`${route.key} answers ${answer.status} without ${name}`);
    }
  }
  const type = answer.headers['content-type']?.split(';')[0] ?? '';
  if (response.otherTypes?.includes(type)) return;
  if (response.schema !== null) response.schema.parse(answer.body);
}

export const WEST = parseRegion('west');
