import * as z from 'zod';
import { ignoredProperties, ignoredTypes } from './allow-list.ts';
import type { Assembly, Stack } from './assembly.ts';
import type { LocalEnvironment } from './identity.ts';
import type { Plan } from './plan.ts';
import { AssemblyProblem, type Place, refuse } from './problem.ts';
import { readFunctions } from './read-functions.ts';
import { readInvokers } from './read-invokers.ts';
import { readState } from './read-state.ts';
import { Resolver } from './resolver.ts';

/** A resource whose properties are resolved on demand and checked against what is known of its type. */
export interface Declared extends Place {
  /** Physical name on this machine. */
  readonly name: string;
  /** What Ref and Fn::GetAtt Arn give for it. */
  readonly ref: string;
  readonly arn: string;
  /** @throws AssemblyProblem that names the property that is not known or not understood */
  read<T extends z.ZodType>(schema: T): z.infer<T>;
}

export type DeclaredByType = (...types: readonly string[]) => readonly Declared[];

const readTypes: ReadonlySet<string> = new Set([
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::S3::Bucket',
  'Custom::S3BucketNotifications',
  'AWS::SQS::Queue',
  'AWS::Lambda::Function',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Stage',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::Scheduler::Schedule',
  'AWS::StepFunctions::StateMachine',
]);

/**
 * What the assembly declares, all of it understood.
 * @throws AssemblyProblem on the first type, property or value that is not
 */
export function readPlan(assembly: Assembly, environment: LocalEnvironment): Plan {
  const resolver = new Resolver(assembly, environment);
  const declared: Declared[] = [];
  const ignored: Plan['ignored'][number][] = [];
  for (const { stack, logicalId, type } of presentResources(assembly, resolver)) {
    const provides = customResourceProviders(stack).has(logicalId);
    const why = provides ? 'serves a custom resource while deploying' : ignoredTypes[type];
    if (why !== undefined) {
      ignored.push({ id: `${stack.name}/${logicalId}`, type, why });
    } else if (readTypes.has(type)) {
      declared.push(declare(resolver, stack, logicalId));
    } else {
      throw new AssemblyProblem(
        `stack ${stack.name}, resource ${logicalId}: type ${type} is ${UNKNOWN}`,
      );
    }
  }
  const byType: DeclaredByType = (...types) => declared.filter(({ type }) => types.includes(type));
  const functions = readFunctions(byType, assembly);
  return { ...readState(byType), functions, ...readInvokers(byType), ignored };
}

const UNKNOWN =
  'not known to the local runner; teach it (infra/local/template) or put it on the allow-list with a reason';

/** Resources whose condition, if they have one, holds. */
function presentResources(assembly: Assembly, resolver: Resolver) {
  return assembly.stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources)
      .filter(([, { Condition: name }]) => name === undefined || resolver.condition(stack, name))
      .map(([logicalId, { Type: type }]) => ({ stack, logicalId, type })),
  );
}

function declare(resolver: Resolver, stack: Stack, logicalId: string): Declared {
  const resource = stack.template.Resources[logicalId];
  const type = resource?.Type ?? '';
  const place = { stack: stack.name, logicalId, type };
  return {
    ...place,
    name: resolver.physicalName(stack, logicalId),
    ref: String(resolver.resolve(stack, { Ref: logicalId })),
    arn: hasArn(type) ? String(resolver.resolve(stack, { 'Fn::GetAtt': [logicalId, 'Arn'] })) : '',
    read(schema) {
      const skipped = ignoredProperties[type] ?? {};
      const known = Object.entries(resource?.Properties ?? {}).filter(([key]) => !(key in skipped));
      const parsed = schema.safeParse(resolver.resolve(stack, Object.fromEntries(known)));
      if (parsed.success) return parsed.data;
      const [issue] = parsed.error.issues;
      const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
      const path = [...(issue?.path ?? []), ...unknown].map(String).join('.');
      return refuse(
        place,
        path,
        unknown.length > 0 ? `is ${UNKNOWN}` : (issue?.message ?? 'is not understood'),
      );
    },
  };
}

function hasArn(type: string): boolean {
  return !/^(AWS::ApiGatewayV2|AWS::Lambda::Event|AWS::Scheduler|Custom)::?/.test(type);
}

/** Functions that exist only to carry out a custom resource while deploying. */
function customResourceProviders(stack: Stack): ReadonlySet<string> {
  const providers = new Set<string>();
  for (const resource of Object.values(stack.template.Resources)) {
    const token = resource.Properties?.['ServiceToken'];
    const parsed = z.object({ 'Fn::GetAtt': z.array(z.string()) }).safeParse(token);
    const [logicalId] = parsed.success ? parsed.data['Fn::GetAtt'] : [];
    if (logicalId !== undefined) providers.add(logicalId);
  }
  return providers;
}
