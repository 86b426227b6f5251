import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Accepts one finding of one rule on one construct (and what is inside it), with the reason why.
 * Records what `Validations.acknowledge` records, but for its stack trace: that names the folder of the checkout,
 * and the same sources would give other bytes elsewhere.
 */
export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  scope.node.addMetadata(Validations.ACKNOWLEDGED_RULES_METADATA_KEY, {
    [`Annotation::${id}`]: reason,
  });
}

/** Accepts that a policy inside `scope` names a resource with a wildcard; any other wildcard stays a finding. */
export function acknowledgeWildcard(scope: IConstruct, resource: string, reason: string): void {
  const finding = flatten(Stack.of(scope).resolve(resource));
  acknowledge(scope, `AwsSolutions-IAM5[Resource::${finding}]`, reason);
}

interface Intrinsic {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [string, string];
  readonly 'Fn::ImportValue'?: string;
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
}

/** The text by which cdk-nag names a resource: intrinsics as `<LogicalId.Attribute>`. */
function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const intrinsic = value as Intrinsic;
  if (intrinsic.Ref !== undefined) return `<${intrinsic.Ref}>`;
  if (intrinsic['Fn::ImportValue'] !== undefined) return intrinsic['Fn::ImportValue'];
  if (intrinsic['Fn::GetAtt'] !== undefined) return `<${intrinsic['Fn::GetAtt'].join('.')}>`;
  const join = intrinsic['Fn::Join'];
  if (join === undefined) throw new Error(`cannot name ${JSON.stringify(value)} in a finding`);
  return join[1].map(flatten).join(join[0]);
}
