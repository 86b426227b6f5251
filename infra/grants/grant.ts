import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from '../constructs/acknowledge.ts';

/** One permission: actions on exact resources or prefixes. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Why a resource with a wildcard cannot be narrower; needed for each that has one. */
  readonly wildcard?: string;
}

/** X-Ray has no resources to name. */
export const TRACING: Grant = {
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
  wildcard: 'X-Ray takes segments for the account as a whole: its actions know no resources.',
};

/** The statement of a grant; its wildcards are acknowledged on `scope`, where the role lives. */
export function statement(scope: Construct, grant: Grant): PolicyStatement {
  for (const resource of grant.resources) {
    if (grant.wildcard !== undefined) acknowledgeWildcard(scope, resource, grant.wildcard);
  }
  return new PolicyStatement({
    effect: Effect.ALLOW,
    actions: [...grant.actions],
    resources: [...grant.resources],
    ...(grant.conditions === undefined ? {} : { conditions: grant.conditions }),
  });
}
