import { parseSchedule } from '../../../lib/schedule-expression.ts';
import type { EventSourcePlan, MachinePlan, Plan, RoutePlan, SchedulePlan } from './plan.ts';
import { type Place, refuse } from './problem.ts';
import { functionName } from './read-functions.ts';
import type { Declared, DeclaredByType } from './read-plan.ts';
import {
  apiProperties,
  eventSourceProperties,
  integrationProperties,
  machineProperties,
  routeProperties,
  ruleProperties,
  scheduleProperties,
  stageProperties,
} from './schemas.ts';

/** Everything that calls functions: queues, routes, schedules and state machines. */
export function readInvokers(
  byType: DeclaredByType,
): Pick<Plan, 'eventSources' | 'routes' | 'schedules' | 'machines'> {
  return {
    eventSources: byType('AWS::Lambda::EventSourceMapping').flatMap(toEventSource),
    routes: readRoutes(byType),
    schedules: [
      ...byType('AWS::Events::Rule').flatMap(fromRule),
      ...byType('AWS::Scheduler::Schedule').flatMap(fromSchedule),
    ],
    machines: byType('AWS::StepFunctions::StateMachine').map(toMachine),
  };
}

function toEventSource(declared: Declared): EventSourcePlan[] {
  const properties = declared.read(eventSourceProperties);
  if (!properties.EventSourceArn.startsWith('arn:aws:sqs:')) {
    refuse(declared, 'EventSourceArn', `${properties.EventSourceArn} is no queue`);
  }
  if (!properties.Enabled) return [];
  return [
    {
      logicalId: declared.logicalId,
      queueArn: properties.EventSourceArn,
      functionName: functionName(properties.FunctionName),
      batchSize: properties.BatchSize,
      windowSeconds: properties.MaximumBatchingWindowInSeconds,
      partialFailures: properties.FunctionResponseTypes.length > 0,
      maximumConcurrency: properties.ScalingConfig?.MaximumConcurrency ?? null,
    },
  ];
}

function readRoutes(byType: DeclaredByType): RoutePlan[] {
  const apis = byType('AWS::ApiGatewayV2::Api');
  for (const api of apis) api.read(apiProperties);
  const [, second] = apis;
  if (second !== undefined) refuse(second, 'Name', 'one HTTP API is served, and this is another');
  for (const stage of byType('AWS::ApiGatewayV2::Stage')) stage.read(stageProperties);
  const integrations = new Map(
    byType('AWS::ApiGatewayV2::Integration').map((declared) => [
      declared.ref,
      declared.read(integrationProperties),
    ]),
  );
  return byType('AWS::ApiGatewayV2::Route').map((declared) => {
    const { RouteKey, Target, ApiId } = declared.read(routeProperties);
    const integration = integrations.get(Target.replace(/^integrations\//, ''));
    if (integration === undefined) refuse(declared, 'Target', `there is no integration ${Target}`);
    return {
      routeKey: RouteKey,
      apiId: ApiId,
      functionName: functionName(integration.IntegrationUri),
      timeoutMs: Math.min(integration.TimeoutInMillis, 30_000),
    };
  });
}

function fromRule(declared: Declared): SchedulePlan[] {
  const properties = declared.read(ruleProperties);
  if (properties.State === 'DISABLED') return [];
  checkExpression(declared, properties.ScheduleExpression, 'UTC');
  return [
    {
      logicalId: declared.logicalId,
      name: declared.name,
      arn: declared.arn,
      expression: properties.ScheduleExpression,
      timeZone: 'UTC',
      targets: properties.Targets.map((target) => toTarget(declared, target)),
    },
  ];
}

function fromSchedule(declared: Declared): SchedulePlan[] {
  const properties = declared.read(scheduleProperties);
  if (properties.State === 'DISABLED') return [];
  checkExpression(declared, properties.ScheduleExpression, properties.ScheduleExpressionTimezone);
  return [
    {
      logicalId: declared.logicalId,
      name: declared.name,
      arn: declared.ref,
      expression: properties.ScheduleExpression,
      timeZone: properties.ScheduleExpressionTimezone,
      targets: [toTarget(declared, properties.Target)],
    },
  ];
}

function checkExpression(place: Place, expression: string, timeZone: string): void {
  try {
    parseSchedule(expression, timeZone);
  } catch (error) {
    refuse(place, 'ScheduleExpression', error instanceof Error ? error.message : String(error));
  }
}

function toTarget(
  place: Place,
  target: { readonly Arn: string; readonly Input?: string | undefined },
): SchedulePlan['targets'][number] {
  const input = target.Input ?? null;
  if (target.Arn.includes(':stateMachine:')) {
    return { kind: 'stateMachine', target: target.Arn, input };
  }
  if (target.Arn.includes(':function:')) {
    return { kind: 'function', target: functionName(target.Arn), input };
  }
  return refuse(place, 'Targets', `${target.Arn} is neither a function nor a state machine`);
}

function toMachine(declared: Declared): MachinePlan {
  const properties = declared.read(machineProperties);
  const text = properties.DefinitionString ?? JSON.stringify(properties.Definition);
  if (text === undefined) refuse(declared, 'DefinitionString', 'is missing');
  const filled = text.replaceAll(
    /\$\{([A-Za-z0-9_]+)\}/g,
    (whole, name: string) => properties.DefinitionSubstitutions[name] ?? whole,
  );
  return {
    logicalId: declared.logicalId,
    name: declared.name,
    arn: declared.arn,
    definition: JSON.parse(filled),
  };
}
