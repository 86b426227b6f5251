import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAILING_SOURCE_MESSAGE } from '../../infra/constructs/source-alarm.ts';
import { resourcesOf, synthesized } from './synthesized.ts';

const { service } = synthesized('prod');

it('an alarm goes off at what the function pull logs of a source that keeps failing', () => {
  const filters = Object.values(resourcesOf(service, 'AWS::Logs::MetricFilter'));
  expect(filters).toHaveLength(1);
  const { FilterPattern, LogGroupName, MetricTransformations } = filters[0]?.Properties ?? {};
  expect(FilterPattern).toBe(`{ $.message = "${FAILING_SOURCE_MESSAGE}" }`);
  expect(JSON.stringify(LogGroupName)).toContain('PullLogs');
  const [{ MetricName: metric }] = MetricTransformations as [{ MetricName: string }];
  const alarms = Object.values(resourcesOf(service, 'AWS::CloudWatch::Alarm'));
  const mine = alarms.filter(({ Properties }) => Properties['MetricName'] === metric);
  expect(mine).toHaveLength(1);
  expect(mine[0]?.Properties['AlarmActions']).toHaveLength(1);
  const code = readFileSync(new URL('../../functions/pull/index.ts', import.meta.url), 'utf8');
  expect(code).toContain(`'${FAILING_SOURCE_MESSAGE}'`);
});
