import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { type Alarms, queueMetric, sumOf, tableThrottles } from './constructs/alarms.ts';
import type { HttpGateway } from './constructs/http-gateway.ts';
import type { Schedules } from './constructs/schedules.ts';
import type { ServiceFunction } from './constructs/service-function.ts';
import { watchSources } from './constructs/source-alarm.ts';
import type { WorkQueue } from './constructs/work-queue.ts';
import type { FunctionName } from './function-catalogue.ts';
import type { SharedState } from './stacks/state-stack.ts';
import type { Workflows } from './wiring/wiring.ts';

export interface Watched {
  readonly state: SharedState;
  readonly wakeup: WorkQueue;
  readonly export: WorkQueue;
  readonly pull: WorkQueue;
  readonly functions: Readonly<Record<FunctionName, ServiceFunction>>;
  readonly workflows: Workflows;
  readonly gateway: HttpGateway;
  readonly schedules: Schedules;
}

const AN_HOUR_SECONDS = 3600;

/** Raises an alarm for every way in which work can stop; each description says what to do. */
export function watchService(alarms: Alarms, watched: Watched): void {
  watchQueues(alarms, watched);
  watchFunctions(alarms, watched);
  watchSources(alarms, watched.functions.pull);
  watchWorkflows(alarms, watched);
  watchEdges(alarms, watched);
}

function watchQueues(alarms: Alarms, { state, wakeup, export: exports, pull }: Watched): void {
  const deadLetters = [
    {
      id: 'Landing',
      name: state.landingQueue.deadLettersName,
      todo: 'Objects could not be ingested. Read the errors of the function ingest; the sweep offers the objects again once the cause is gone, so the messages may be purged then.',
    },
    {
      id: 'Wakeup',
      name: wakeup.deadLetters.queueName,
      todo: 'Wake-ups of metering failed. Read the errors of the function wake; the 15-minute schedule starts metering anyway, so the messages may be purged.',
    },
    {
      id: 'Export',
      name: exports.deadLetters.queueName,
      todo: 'Usage exports failed for good. Read the errors of the function export, then move the messages back to the queue (SQS redrive).',
    },
    {
      id: 'Pull',
      name: pull.deadLetters.queueName,
      todo: 'Pulls of sources crashed again and again. Read the errors of the function pull; the schedule asks for what is due anyway, so the messages may be purged.',
    },
  ];
  for (const { id, name, todo } of deadLetters) {
    alarms.watch(`${id}DeadLetters`, {
      metric: queueMetric(name, 'ApproximateNumberOfMessagesVisible'),
      above: 0,
      description: todo,
    });
  }
  alarms.watch('IngestLag', {
    metric: queueMetric(state.landingQueue.name, 'ApproximateAgeOfOldestMessage'),
    above: AN_HOUR_SECONDS,
    description:
      'Landing objects wait for more than an hour. See whether the function ingest fails or is throttled; raise ingestConcurrency of the stage if it only has too much to do.',
  });
}

function watchFunctions(alarms: Alarms, { functions }: Watched): void {
  for (const [name, { lambda }] of Object.entries(functions)) {
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    alarms.watch(`${id}Errors`, {
      metric: lambda.metricErrors(),
      above: 0,
      description: `The function ${name} failed. Its log group has the error with a stack trace; the trace in X-Ray shows what it was called with.`,
    });
    alarms.watch(`${id}Throttles`, {
      metric: lambda.metricThrottles(),
      above: 0,
      description: `The function ${name} was throttled. Compare its reserved concurrency and the account's quota with its ConcurrentExecutions metric.`,
    });
  }
}

function watchWorkflows(alarms: Alarms, { workflows }: Watched): void {
  const todo = {
    metering:
      'Metering stopped. Open the failed execution: its history names state and cause. Partitions stay due, and the next wake-up goes on with them.',
    close:
      'A month was not closed. The period shows why (headroom close prints it): wait for running ingests or mend the cause, then close again.',
    forecasting:
      'Forecasts were not renewed; the last ones stay. Open the failed execution, mend the cause, and start it again with POST /v1/forecasts.',
    rebuilding:
      'A rebuild of the table stopped. Open the failed execution, mend the cause, and start it again (headroom rebuild): what is restored already is left as it is.',
  };
  for (const [name, { stateMachine }] of Object.entries(workflows)) {
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    alarms.watch(`${id}Failed`, {
      metric: sumOf({
        failed: stateMachine.metricFailed(),
        timedOut: stateMachine.metricTimedOut(),
        aborted: stateMachine.metricAborted(),
      }),
      above: 0,
      description: todo[name as keyof Workflows],
    });
  }
}

function watchEdges(alarms: Alarms, { state, gateway, schedules }: Watched): void {
  alarms.watch('ApiErrors', {
    metric: gateway.api.metricServerError({ statistic: Stats.SUM }),
    above: 0,
    description:
      'The HTTP API answered 5xx. The access log has route and request id; search the log group of the function behind the route for that id.',
  });
  alarms.watch('TableThrottles', {
    metric: tableThrottles(state.table.name),
    above: 0,
    description:
      'DynamoDB throttled the table. On-demand capacity doubles within 30 minutes; if it goes on, see in Contributor Insights which key is hot.',
  });
  for (const [name, rule] of Object.entries(schedules.rules)) {
    const id = name.charAt(0).toUpperCase() + name.slice(1);
    alarms.watch(`${id}ScheduleFailed`, {
      metric: new Metric({
        namespace: 'AWS/Events',
        metricName: 'FailedInvocations',
        dimensionsMap: { RuleName: rule.ruleName },
        statistic: Stats.SUM,
      }),
      above: 0,
      description: `The schedule ${name} could not start its target. Compare the rule's target and role with the template; a deployment restores them.`,
    });
  }
}
