import { expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/function-catalogue.ts';
import { type Resource, resourcesOf, synthesized } from './synthesized.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

const { service } = synthesized('dev');
const roles = resourcesOf(service, 'AWS::IAM::Role');

function statementsOf(role: Resource): readonly Statement[] {
  const policies = role.Properties['Policies'] as readonly {
    readonly PolicyDocument: { readonly Statement: readonly Statement[] };
  }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** An ARN as people read it: `Landing/region=*` for the import of the bucket's ARN and a prefix. */
function named(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const intrinsic = resource as Readonly<Record<string, unknown>>;
  const imported = intrinsic['Fn::ImportValue'];
  if (typeof imported === 'string') {
    return imported.replace(/^.*FnGetAtt(\w+?)[0-9A-F]{8}Arn[0-9A-F]{8}$/, '$1');
  }
  const attribute = intrinsic['Fn::GetAtt'];
  if (Array.isArray(attribute)) return String(attribute[0]).replace(/[0-9A-F]{8}$/, '');
  if (typeof intrinsic['Ref'] === 'string') {
    return intrinsic['Ref'].replace(/^AWS::/, '').replace(/[0-9A-F]{8}$/, '');
  }
  const [delimiter, parts] = intrinsic['Fn::Join'] as [string, readonly unknown[]];
  return parts.map(named).join(delimiter);
}

function asArray<T>(value: T | readonly T[]): readonly T[] {
  return Array.isArray(value) ? value : [value as T];
}

function linesOf(id: string, role: Resource): readonly string[] {
  return statementsOf(role).flatMap((statement) => {
    const keys = statement.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
    const only = keys === undefined ? '' : ` items ${keys.join(' ')}`;
    return asArray(statement.Action).flatMap((action) =>
      asArray(statement.Resource).map(
        (resource) => `${id.replace(/[0-9A-F]{8}$/, '')}: ${action} ${named(resource)}${only}`,
      ),
    );
  });
}

it('each role may do what is written here, and nothing else', async () => {
  const lines = Object.entries(roles).flatMap(([id, role]) => linesOf(id, role));
  await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot('permissions.snapshot.txt');
});

it('no role may do anything to everything, but for tracing and the delivery of logs', () => {
  for (const [id, role] of Object.entries(roles)) {
    for (const statement of statementsOf(role)) {
      expect(statement.Effect).toBe('Allow');
      for (const action of asArray(statement.Action)) {
        expect(action, id).not.toContain('*');
        if (asArray(statement.Resource).includes('*')) expect(action).toMatch(/^(xray|logs):/);
      }
    }
  }
});

it('every function has a role of its own', () => {
  const used = Object.values(resourcesOf(service, 'AWS::Lambda::Function')).map(({ Properties }) =>
    JSON.stringify(Properties['Role']),
  );
  expect(new Set(used).size).toBe(FUNCTION_NAMES.length);
});

it('only compaction deletes objects, and only sample parts', () => {
  const deleting = Object.entries(roles)
    .flatMap(([id, role]) => linesOf(id, role))
    .filter((line) => line.includes('s3:DeleteObject'));
  expect(deleting.map((line) => line.slice(0, line.indexOf(':')))).toEqual(['CompactRole']);
  expect(deleting[0]).toMatch(/Lake\S*\/samples\/\*$/);
});

it('nobody may scan the table, delete a version of an object or shorten the lock of a bill', () => {
  const actions = Object.values(roles)
    .flatMap(statementsOf)
    .flatMap(({ Action }) => asArray(Action));
  for (const forbidden of [
    'dynamodb:Scan',
    'dynamodb:DeleteTable',
    's3:DeleteObjectVersion',
    's3:BypassGovernanceRetention',
    's3:PutObjectRetention',
  ]) {
    expect(actions).not.toContain(forbidden);
  }
});

it('only rate and close make bills, and rebuild writes them to the table again', () => {
  const writers = Object.entries(roles)
    .flatMap(([id, role]) => linesOf(id, role))
    .filter((line) => /s3:PutObject Documents|PutItem .*BILLS#/.test(line))
    .map((line) => line.slice(0, line.indexOf(':')));
  expect([...new Set(writers)].sort()).toEqual(['CloseRole', 'RateRole', 'RebuildRole']);
});
