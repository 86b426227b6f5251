import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { Alarms } from './alarms.ts';
import type { ServiceFunction } from './service-function.ts';

/** Logged by lib/sources for each run of a source that has failed several times in a row. */
export const FAILING_SOURCE_MESSAGE = 'A source fails again and again';

/** A pull that fails is no failure of the function, so its log is what tells. */
export function watchSources(alarms: Alarms, pull: ServiceFunction): void {
  const failing = new MetricFilter(pull, 'FailingSources', {
    logGroup: pull.logs,
    filterPattern: FilterPattern.stringValue('$.message', '=', FAILING_SOURCE_MESSAGE),
    metricNamespace: 'Headroom',
    metricName: `${pull.node.path.replaceAll('/', '-')}-failing-sources`,
  });
  alarms.watch('SourcesFailing', {
    metric: failing.metric({ statistic: 'Sum' }),
    above: 0,
    description:
      'A source could not be pulled several times in a row. "headroom sources" tells which and why, and docs/sources.md what to do; nothing is lost as long as OpenStack still has the data.',
  });
}
