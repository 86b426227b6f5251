import { type Assembly, assetDirectory } from './assembly.ts';
import type { FunctionPlan } from './plan.ts';
import { refuse } from './problem.ts';
import type { DeclaredByType } from './read-plan.ts';
import { eventInvokeProperties, functionProperties } from './schemas.ts';

/** Functions, with the directories of the assets that would be deployed. */
export function readFunctions(byType: DeclaredByType, assembly: Assembly): FunctionPlan[] {
  const retries = new Map(
    byType('AWS::Lambda::EventInvokeConfig').map((declared) => {
      const properties = declared.read(eventInvokeProperties);
      return [functionName(properties.FunctionName), properties.MaximumRetryAttempts ?? 2];
    }),
  );
  return byType('AWS::Lambda::Function').map((declared) => {
    const properties = declared.read(functionProperties);
    const directory = assetDirectory(assembly, properties.Code.S3Key);
    if (directory === null) {
      refuse(declared, 'Code', `the assembly has no directory for ${properties.Code.S3Key}`);
    }
    return {
      logicalId: declared.logicalId,
      name: declared.name,
      arn: declared.arn,
      directory,
      handler: properties.Handler,
      memoryMib: properties.MemorySize,
      timeoutSeconds: properties.Timeout,
      reservedConcurrency: properties.ReservedConcurrentExecutions ?? null,
      asyncRetries: retries.get(declared.name) ?? 2,
      environment: properties.Environment?.Variables ?? {},
    };
  });
}

/** The name in a function's name, ARN or qualified ARN, or in the address that API Gateway calls. */
export function functionName(reference: string): string {
  const [, name] = /:function:([^:/]+)/.exec(reference) ?? [];
  return name ?? reference;
}
