import { describe, expect, it } from 'vitest';
import { ROUTE_TABLE } from '../../functions/http/route-table.ts';
import { ROUTES } from '../../infra/routes.ts';
import { stageConfig } from '../../infra/stages.ts';
import { resourcesOf, synthesized } from './synthesized.ts';

it('the routes are those that the API describes in its OpenAPI document', () => {
  const described = ROUTE_TABLE.map(({ key }) => String(key));
  expect(ROUTES.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(described.sort());
});

it('GET is answered by what only reads, and what changes something by another', () => {
  const readers = ['read', 'render'];
  for (const { method, function: fn } of ROUTES) {
    if (fn !== 'scenario') expect(readers.includes(fn)).toBe(method === 'GET');
  }
});

describe.each(['local', 'prod'] as const)('the HTTP API of %s', (name) => {
  const stage = stageConfig(name);
  const { service } = synthesized(name);
  const routes = Object.values(resourcesOf(service, 'AWS::ApiGatewayV2::Route'));

  it('has every route, each signed with IAM', () => {
    expect(routes.map(({ Properties }) => Properties['RouteKey']).sort()).toEqual(
      ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    for (const { Properties } of routes) {
      expect(Properties['AuthorizationType'], String(Properties['RouteKey'])).toBe('AWS_IAM');
    }
  });

  it('gives up before API Gateway does', () => {
    for (const { Properties } of Object.values(
      resourcesOf(service, 'AWS::ApiGatewayV2::Integration'),
    )) {
      expect(Properties).toMatchObject({
        IntegrationType: 'AWS_PROXY',
        PayloadFormatVersion: '2.0',
        TimeoutInMillis: 29_000,
      });
    }
  });

  it('is throttled, and logs each request as a line of JSON', () => {
    const [stageResource] = Object.values(resourcesOf(service, 'AWS::ApiGatewayV2::Stage'));
    expect(stageResource?.Properties).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: {
        ThrottlingRateLimit: stage.throttling.rate,
        ThrottlingBurstLimit: stage.throttling.burst,
      },
    });
    const settings = stageResource?.Properties['AccessLogSettings'] as { Format: string };
    expect(JSON.parse(settings.Format)).toMatchObject({
      requestId: '$context.requestId',
      caller: '$context.identity.userArn',
      route: '$context.routeKey',
    });
  });

  it('may call a function from any of its routes, and nothing else may', () => {
    const callers = Object.values(resourcesOf(service, 'AWS::Lambda::Permission')).map(
      ({ Properties }) => Properties['Principal'],
    );
    expect(callers.sort()).toEqual([
      ...Array.from({ length: 5 }, () => 'apigateway.amazonaws.com'),
      // The schedules of wake, sweep, pull and compact.
      'events.amazonaws.com',
      'events.amazonaws.com',
      'events.amazonaws.com',
      'events.amazonaws.com',
    ]);
  });
});
