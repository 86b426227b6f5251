import * as z from 'zod';
import { methodOf, pathOf, type ResponseContract, type RouteContract } from './contract.ts';
import { problem } from './contracts/shared.ts';
import { PROBLEM_TYPE } from './problem.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

const PROBLEM_DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read.',
  404: 'There is no such thing.',
  406: 'No representation of that type.',
  409: 'Not possible in the present state.',
  412: 'Somebody wrote a newer version.',
  413: 'The body is too large.',
  415: 'The body has another content type than this route takes.',
  422: 'Readable, and against a rule.',
  428: 'If-Match is required.',
  500: 'A fault of the server.',
  503: 'Try again after Retry-After seconds.',
};

const HEADER_DESCRIPTIONS = {
  ETag: 'Version of the document; send it back as If-Match.',
  Location: 'Where to follow it.',
  Link: 'The next page.',
} as const;

/** OpenAPI 3.1 of the routes, from the very schemas that validate them. */
export function openApiDocument(
  routes: readonly RouteContract[],
  version: string,
): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = pathOf(route.key);
    paths[path] = { ...paths[path], [methodOf(route.key).toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: DIALECT,
    info: {
      title: 'Headroom',
      version,
      description:
        'Capacity forecasting and chargeback for OpenStack clouds. Times are UTC, periods half-open, money and quantities exact decimal text.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: { schemas: { Problem: schemaOf(problem, 'output') } },
  };
}

function operation(route: RouteContract): Record<string, unknown> {
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    parameters: [
      ...parameters('path', route.params),
      ...parameters('query', route.query),
      ...headerParameters(route),
    ],
    ...requestBody(route),
    responses: responses(route),
  };
}

interface ObjectSchema {
  readonly properties?: Record<string, Record<string, unknown>>;
  readonly required?: readonly string[];
}

function parameters(place: 'path' | 'query', schema: z.ZodObject): Record<string, unknown>[] {
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as ObjectSchema;
  return Object.entries(properties).map(([name, { description, ...value }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: value,
  }));
}

function headerParameters(route: RouteContract): Record<string, unknown>[] {
  if (methodOf(route.key) === 'GET') return [];
  const actor = {
    name: 'x-headroom-actor',
    in: 'header',
    description: 'Who does it, for the audit; unverified. Default: anonymous.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  };
  if (route.versioned !== true) return [actor];
  const text = { type: 'string' };
  return [
    actor,
    { name: 'If-Match', in: 'header', description: 'ETag of the present version.', schema: text },
    {
      name: 'If-None-Match',
      in: 'header',
      description: '* to create it, and only if it does not exist.',
      schema: { const: '*' },
    },
  ];
}

function requestBody(route: RouteContract): Record<string, unknown> {
  if (route.body === null) return {};
  const required = !route.body.safeParse(undefined).success || route.servedBy === 'samples';
  const types =
    route.servedBy === 'samples'
      ? ['application/json', 'application/x-ndjson']
      : ['application/json'];
  const media = { schema: schemaOf(route.body, 'input') };
  return {
    requestBody: { required, content: Object.fromEntries(types.map((type) => [type, media])) },
  };
}

function responses(route: RouteContract): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const [status, response] of Object.entries(route.responses)) {
    all[status] = responseObject(response);
  }
  for (const status of [400, ...route.problems, 500]) {
    all[status] = {
      description: PROBLEM_DESCRIPTIONS[status],
      content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return all;
}

function responseObject(response: ResponseContract): Record<string, unknown> {
  const content: Record<string, unknown> = {};
  if (response.schema !== null) {
    content['application/json'] = { schema: schemaOf(response.schema, 'output') };
  }
  for (const type of response.otherTypes ?? []) content[type] = { schema: { type: 'string' } };
  const headers = Object.fromEntries(
    (response.headers ?? []).map((name) => [
      name,
      { description: HEADER_DESCRIPTIONS[name], schema: { type: 'string' } },
    ]),
  );
  return {
    description: response.description,
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const {
    $schema,
    '~standard': _standard,
    ...rest
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
  }) as Record<string, unknown>;
  void $schema;
  return rest;
}
