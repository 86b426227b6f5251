import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { FunctionName } from '../function-catalogue.ts';
import { ROUTES } from '../routes.ts';
import type { StageConfig } from '../stages.ts';
import type { ServiceFunction } from './service-function.ts';

export interface HttpGatewayProps {
  readonly stage: StageConfig;
  readonly functions: Readonly<Record<FunctionName, ServiceFunction>>;
}

/** One line of JSON a request: who asked what, and what came of it. */
const ACCESS_LOG_FORMAT = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  ip: '$context.identity.sourceIp',
  caller: '$context.identity.userArn',
  route: '$context.routeKey',
  path: '$context.path',
  status: '$context.status',
  responseBytes: '$context.responseLength',
  latencyMs: '$context.responseLatency',
  integrationError: '$context.integrationErrorMessage',
};

/**
 * The HTTP API. Callers sign with IAM on every route, health and OpenAPI included, until identities come;
 * the gateway of one machine binds to loopback and does not check signatures.
 */
export class HttpGateway extends Construct {
  readonly api: HttpApi;

  constructor(scope: Construct, id: string, { stage, functions }: HttpGatewayProps) {
    super(scope, id);
    this.api = new HttpApi(this, 'Api', {
      description: 'Headroom: capacity forecasting and chargeback for OpenStack',
      createDefaultStage: false,
      defaultAuthorizer: new HttpIamAuthorizer(),
    });
    const integrations = new Map<FunctionName, HttpLambdaIntegration>();
    for (const route of ROUTES) {
      const integration = integrations.get(route.function) ?? integrate(route.function, functions);
      integrations.set(route.function, integration);
      this.api.addRoutes({
        path: route.path,
        methods: [HttpMethod[route.method]],
        integration,
      });
    }
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: { rateLimit: stage.throttling.rate, burstLimit: stage.throttling.burst },
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLogs', {
            retention: stage.retention.logs,
            removalPolicy: RemovalPolicy.DESTROY,
          }),
        ),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG_FORMAT)),
      },
    });
  }
}

function integrate(
  name: FunctionName,
  functions: Readonly<Record<FunctionName, ServiceFunction>>,
): HttpLambdaIntegration {
  return new HttpLambdaIntegration(name, functions[name].lambda, {
    timeout: Duration.seconds(29),
    // One permission a function: with one a route, the policy of `read` would outgrow Lambda's limit.
    scopePermissionToRoute: false,
  });
}
