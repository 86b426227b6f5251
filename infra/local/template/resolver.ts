import type { Assembly, Stack } from './assembly.ts';
import {
  ACCOUNT_ID,
  generatedName,
  identify,
  type LocalEnvironment,
  placeholderArn,
} from './identity.ts';
import { intrinsics } from './intrinsics.ts';
import { AssemblyProblem } from './problem.ts';

/** Evaluates CloudFormation's functions against all stacks of the assembly. */
export class Resolver {
  readonly #assembly: Assembly;
  readonly #environment: LocalEnvironment;

  constructor(assembly: Assembly, environment: LocalEnvironment) {
    this.#assembly = assembly;
    this.#environment = environment;
  }

  /** The value with every Ref, Fn::GetAtt and so on replaced; undefined for AWS::NoValue. */
  resolve(stack: Stack, value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((item) => this.resolve(stack, item)).filter((item) => item !== undefined);
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [first] = entries;
    if (entries.length === 1 && first !== undefined) {
      const [name, argument] = first;
      if (name === 'Ref') return this.#reference(stack, String(argument));
      if (name === 'Condition') return this.condition(stack, String(argument));
      if (name.startsWith('Fn::')) return this.#call(stack, name, argument);
    }
    return Object.fromEntries(
      entries
        .map(([key, item]) => [key, this.resolve(stack, item)] as const)
        .filter(([, item]) => item !== undefined),
    );
  }

  condition(stack: Stack, name: string): boolean {
    const condition = stack.template.Conditions[name];
    if (condition === undefined) {
      throw new AssemblyProblem(`stack ${stack.name}: there is no condition ${name}`);
    }
    return this.resolve(stack, condition) === true;
  }

  /** The name under which a resource exists on this machine. */
  physicalName(stack: Stack, logicalId: string): string {
    const { Type: type, Properties: properties } = resourceOf(stack, logicalId);
    const { nameProperty } = identify(type, '', this.#environment);
    const given = this.resolve(stack, properties?.[nameProperty]);
    return given === undefined ? generatedName(type, stack.name, logicalId) : String(given);
  }

  #reference(stack: Stack, name: string): unknown {
    if (name.startsWith('AWS::')) return this.#pseudoParameter(stack, name);
    const parameter = stack.template.Parameters[name];
    if (parameter !== undefined) return parameter.Default;
    return this.#qualified(stack, name) ?? this.#identity(stack, name).ref;
  }

  #identity(stack: Stack, logicalId: string) {
    const { Type: type } = resourceOf(stack, logicalId);
    return identify(type, this.physicalName(stack, logicalId), this.#environment);
  }

  /** Versions and aliases of a function stand for the function. */
  #qualified(stack: Stack, logicalId: string): string | undefined {
    const { Type: type, Properties: properties } = resourceOf(stack, logicalId);
    if (type !== 'AWS::Lambda::Alias' && type !== 'AWS::Lambda::Version') return undefined;
    const name = String(this.resolve(stack, properties?.['FunctionName']));
    const qualifier = String(this.resolve(stack, properties?.['Name']) ?? '1');
    const head = `arn:aws:lambda:${this.#environment.region}:${ACCOUNT_ID}:function:`;
    return `${name.startsWith('arn:') ? name : head + name}:${qualifier}`;
  }

  #attribute(stack: Stack, argument: unknown): unknown {
    const path = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
    const [logicalId = '', ...rest] = path;
    const name = rest.join('.');
    const { Type: type } = resourceOf(stack, logicalId);
    const alias = this.#qualified(stack, logicalId);
    if (alias !== undefined) return name === 'Version' ? '1' : alias;
    const identity = this.#identity(stack, logicalId);
    const value = identity.attributes[name];
    if (value !== undefined) return value;
    if (identity.known) {
      throw new AssemblyProblem(
        `stack ${stack.name}, resource ${logicalId} (${type}): attribute ${name} is not known`,
      );
    }
    return name.endsWith('Arn')
      ? placeholderArn(type, identity.ref, this.#environment)
      : `${identity.ref}.${name}`;
  }

  #imported(name: unknown): unknown {
    for (const stack of this.#assembly.stacks) {
      for (const output of Object.values(stack.template.Outputs)) {
        const exported = output['Export'] as { Name?: unknown } | undefined;
        if (exported !== undefined && this.resolve(stack, exported.Name) === name) {
          return this.resolve(stack, output.Value);
        }
      }
    }
    throw new AssemblyProblem(`no stack of the assembly exports ${String(name)}`);
  }

  #call(stack: Stack, name: string, argument: unknown): unknown {
    if (name === 'Fn::GetAtt') return this.#attribute(stack, argument);
    if (name === 'Fn::ImportValue') return this.#imported(this.resolve(stack, argument));
    if (name === 'Fn::If') {
      const [condition, yes, no] = argument as [string, unknown, unknown];
      return this.resolve(stack, this.condition(stack, condition) ? yes : no);
    }
    const intrinsic = intrinsics[name];
    if (intrinsic === undefined) {
      throw new AssemblyProblem(`stack ${stack.name}: the function ${name} is not known`);
    }
    return intrinsic(argument, {
      resolve: (value) => this.resolve(stack, value),
      reference: (target) => this.#reference(stack, target),
      attribute: (target) => this.#attribute(stack, target),
      mappings: stack.template.Mappings,
    });
  }

  #pseudoParameter(stack: Stack, name: string): unknown {
    const region = this.#environment.region;
    const values: Readonly<Record<string, unknown>> = {
      'AWS::AccountId': ACCOUNT_ID,
      'AWS::Region': region,
      'AWS::Partition': 'aws',
      'AWS::URLSuffix': 'amazonaws.com',
      'AWS::StackName': stack.name,
      'AWS::StackId': `arn:aws:cloudformation:${region}:${ACCOUNT_ID}:stack/${stack.name}/local`,
      'AWS::NotificationARNs': [],
      'AWS::NoValue': undefined,
    };
    if (!(name in values)) {
      throw new AssemblyProblem(`stack ${stack.name}: the pseudo parameter ${name} is not known`);
    }
    return values[name];
  }
}

function resourceOf(stack: Stack, logicalId: string): Stack['template']['Resources'][string] {
  const resource = stack.template.Resources[logicalId];
  if (resource === undefined) {
    throw new AssemblyProblem(`stack ${stack.name}: nothing in it is called ${logicalId}`);
  }
  return resource;
}
