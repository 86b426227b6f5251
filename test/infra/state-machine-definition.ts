import type { Template } from 'aws-cdk-lib/assertions';
import { StateMachine } from 'aws-local-stepfunctions';
import { resourcesOf } from './synthesized.ts';

export interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly ItemProcessor?: Definition & { readonly ProcessorConfig: { readonly Mode: string } };
  readonly MaxConcurrency?: number;
}

export interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** Stands in for the function behind a Task: takes its payload, gives its answer. */
export type TaskHandler = (input: Json) => Json | Promise<Json>;

const REFERENCE = /^arn:aws:lambda:eu-west-1:111111111111:function:(\w+)$/;

/** The definition with each function as an ARN that ends in its logical id. */
export function definitionOf(template: Template, logicalIdPrefix: string): Definition {
  const found = Object.entries(resourcesOf(template, 'AWS::StepFunctions::StateMachine')).find(
    ([id]) => id.startsWith(logicalIdPrefix),
  );
  const text = found?.[1].Properties['DefinitionString'] as {
    readonly 'Fn::Join': readonly [
      string,
      readonly (string | { readonly 'Fn::GetAtt': string[] })[],
    ];
  };
  const [, parts] = text['Fn::Join'];
  return JSON.parse(
    parts
      .map((part) =>
        typeof part === 'string'
          ? part
          : `arn:aws:lambda:eu-west-1:111111111111:function:${part['Fn::GetAtt'][0]}`,
      )
      .join(''),
  );
}

export function isFunction(resource: string | undefined): boolean {
  return resource !== undefined && REFERENCE.test(resource);
}

/** All states, those inside Map states too. */
export function statesOf(definition: Definition): readonly (readonly [string, State])[] {
  return Object.entries(definition.States).flatMap(([name, state]) => [
    [name, state] as const,
    ...(state.ItemProcessor === undefined ? [] : statesOf(state.ItemProcessor)),
  ]);
}

/** Runs the definition as an execution named `run-1`. */
export async function runDefinition(
  definition: Definition,
  input: Json,
  tasks: Readonly<Record<string, TaskHandler>>,
): Promise<unknown> {
  const machine = new StateMachine(definition as never, {
    validationOptions: { checkArn: false },
  });
  const execution = machine.run(input as never, {
    overrides: { taskResourceLocalHandlers: { ...tasks } as never },
    context: { Execution: { Name: 'run-1' } } as never,
  });
  return await execution.result;
}
