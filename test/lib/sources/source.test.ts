import { describe, expect, it } from 'vitest';
import { sourceSchema } from '../../../lib/sources/source.ts';

const source = {
  id: 'west-usage',
  region: 'west',
  kind: 'nova-usage',
  authUrl: 'https://keystone.example.org:5000/v3',
  secret: 'headroom/west',
};

function faultOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const parsed = sourceSchema.safeParse({ ...source, ...fields });
  const [issue] = parsed.error?.issues ?? [];
  return issue && `/${issue.path.join('/')}: ${issue.message}`;
}

describe('a source', () => {
  it('has defaults for all but what it is', () => {
    expect(sourceSchema.parse(source)).toEqual({
      ...source,
      interface: 'public',
      schedule: 'rate(1 hour)',
      enabled: true,
      microversion: '2.40',
      pageSize: 500,
      historyDays: 2,
      overlapMinutes: 0,
    });
  });

  it.each([
    'headroom/west',
    'headroom/eu/north_1+x=y.z@w',
    'arn:aws:secretsmanager:eu-central-1:123456789012:secret:headroom/west-AbCdEf',
  ])('takes the secret %s', (secret) => {
    expect(faultOf({ secret })).toBeUndefined();
  });

  it.each([
    { fields: { secret: 'west' }, fault: '/secret: must be the name or ARN' },
    { fields: { secret: 'hunter2' }, fault: 'the secret itself never stands here' },
    {
      fields: { secret: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdEf' },
      fault: '/secret',
    },
    { fields: { password: 'x' }, fault: 'password' },
    { fields: { authUrl: 'https://user:pw@keystone/v3' }, fault: '/authUrl' },
    { fields: { authUrl: 'ftp://keystone/v3' }, fault: '/authUrl' },
    { fields: { authUrl: 'keystone' }, fault: '/authUrl' },
    { fields: { schedule: 'hourly' }, fault: '/schedule: must be rate(1 hour) or cron' },
    { fields: { schedule: 'cron(61 * * * ? *)' }, fault: '/schedule' },
    { fields: { schedule: 'rate(0 hours)' }, fault: '/schedule' },
    { fields: { schedule: 'cron(0 0 1 1 ? 1969)' }, fault: '/schedule' },
    { fields: { region: 'a/b' }, fault: '/region' },
    { fields: { id: 'a/b' }, fault: '/id' },
    { fields: { kind: 'nova' }, fault: 'must be gnocchi-aggregates, nova-usage' },
    { fields: { metric: 'cores' }, fault: 'metric' },
    { fields: { microversion: '2.39' }, fault: 'must be from 2.40 to 2.200' },
    {
      fields: { kind: 'nova-hypervisors', microversion: '2.88' },
      fault: 'must be from 2.53 to 2.87',
    },
    { fields: { caCertificate: 'x' }, fault: '/caCertificate: must be PEM' },
    {
      fields: { kind: 'gnocchi-aggregates', metric: 'cores', granularity: 7 },
      fault: '/granularity',
    },
  ])('is refused with $fields', ({ fields, fault }) => {
    expect(faultOf(fields)).toContain(fault);
  });
});
