import { describe, expect, it } from 'vitest';
import { adminRoutes } from '../../functions/admin/admin.ts';
import { methodOf, pathOf } from '../../functions/http/contract.ts';
import { ROUTE_TABLE } from '../../functions/http/route-table.ts';
import { readRoutes } from '../../functions/read/read.ts';
import { renderRoutes } from '../../functions/render/render.ts';
import { scenarioRoutes } from '../../functions/scenario/scenario.ts';
import { ROUTES } from '../../infra/routes.ts';
import { memoryApi } from './api.ts';

interface Described {
  readonly paths: Record<string, Record<string, { operationId: string; parameters: object[] }>>;
}

async function description(): Promise<Described> {
  return (await memoryApi().ask('GET /v1/openapi.json')).body as Described;
}

describe('the OpenAPI document', () => {
  it('describes every route of the table, and no other', async () => {
    const { paths } = await description();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.toSorted()).toEqual(ROUTE_TABLE.map(({ key }) => key).toSorted());
  });

  it('names each operation once', () => {
    const ids = ROUTE_TABLE.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('declares each variable of a path as a required parameter', async () => {
    const { paths } = await description();
    for (const [path, methods] of Object.entries(paths)) {
      const variables = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      for (const operation of Object.values(methods)) {
        const parameters = operation.parameters as {
          name: string;
          in: string;
          required: boolean;
        }[];
        const inPath = parameters.filter((one) => one.in === 'path');
        expect(inPath.map(({ name }) => name)).toEqual(variables);
        expect(inPath.every(({ required }) => required)).toBe(true);
      }
    }
  });

  it('takes decimals of a rate card as text or number', async () => {
    const text = JSON.stringify((await description()).paths['/v1/rate-cards/{id}']);
    expect(text).toContain('"unitPrice":{"type":["string","number"]}');
  });
});

describe('the routes', () => {
  it('are each answered by the function that the table names', () => {
    const { ports } = memoryApi();
    const keys = (implementations: ReturnType<typeof readRoutes>): string[] =>
      implementations.map(({ contract }) => contract.key).toSorted();
    const served = (by: string): string[] =>
      ROUTE_TABLE.filter(({ servedBy }) => servedBy === by)
        .map(({ key }) => key)
        .toSorted();
    expect(keys(readRoutes(ports))).toEqual(served('read'));
    expect(keys(renderRoutes(ports))).toEqual(served('render'));
    expect(keys(adminRoutes(ports))).toEqual(served('admin'));
    expect(keys(scenarioRoutes(ports))).toEqual(served('scenario'));
  });

  it('are those that are deployed, by the same functions', () => {
    const deployed = ROUTES.map((route) => `${route.method} ${route.path} ${route.function}`);
    const described = ROUTE_TABLE.map(({ key, servedBy }) => `${key} ${servedBy}`);
    expect(described.toSorted()).toEqual(deployed.toSorted());
  });

  it('read with GET and nothing else', () => {
    for (const { key, servedBy } of ROUTE_TABLE) {
      if (servedBy !== 'scenario') {
        expect(methodOf(key) === 'GET', key).toBe(servedBy === 'read' || servedBy === 'render');
      }
      expect(pathOf(key)).toMatch(/^\/v1\//);
    }
  });
});
