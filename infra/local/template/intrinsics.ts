export interface IntrinsicContext {
  resolve(value: unknown): unknown;
  reference(name: string): unknown;
  attribute(path: string): unknown;
  readonly mappings: Readonly<Record<string, unknown>>;
}

type Intrinsic = (argument: unknown, context: IntrinsicContext) => unknown;

/** CloudFormation's functions that need no other resource, as the user guide defines them. */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  'Fn::Join': (argument, { resolve }) => {
    const [delimiter, parts] = argument as [string, unknown];
    return (resolve(parts) as unknown[]).map(String).join(delimiter);
  },
  'Fn::Select': (argument, { resolve }) => {
    const [index, list] = argument as [unknown, unknown];
    return (resolve(list) as unknown[])[Number(resolve(index))];
  },
  'Fn::Split': (argument, { resolve }) => {
    const [delimiter, text] = argument as [string, unknown];
    return String(resolve(text)).split(delimiter);
  },
  'Fn::Sub': (argument, context) => {
    const [text, given] = Array.isArray(argument) ? argument : [argument, {}];
    const variables = context.resolve(given) as Record<string, unknown>;
    return String(text).replaceAll(
      /\$\{(!?)([^}]+)\}/g,
      (_whole, literal: string, name: string) => {
        if (literal === '!') return `\${${name}}`;
        if (name in variables) return String(variables[name]);
        return String(name.includes('.') ? context.attribute(name) : context.reference(name));
      },
    );
  },
  'Fn::Base64': (argument, { resolve }) =>
    Buffer.from(String(resolve(argument))).toString('base64'),
  'Fn::FindInMap': (argument, { resolve, mappings }) => {
    const path = (resolve(argument) as unknown[]).map(String);
    return path.reduce<unknown>(
      (level, key) => (level as Record<string, unknown> | undefined)?.[key],
      mappings,
    );
  },
  'Fn::Equals': (argument, { resolve }) => {
    const [left, right] = resolve(argument) as unknown[];
    return JSON.stringify(left) === JSON.stringify(right);
  },
  'Fn::Not': (argument, { resolve }) => (resolve(argument) as unknown[])[0] !== true,
  'Fn::And': (argument, { resolve }) =>
    (resolve(argument) as unknown[]).every((item) => item === true),
  'Fn::Or': (argument, { resolve }) =>
    (resolve(argument) as unknown[]).some((item) => item === true),
};
