import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Code, EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Bundles } from '../bundling/bundle-functions.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { Alarms } from '../constructs/alarms.ts';
import { closeWorkflow } from '../constructs/close-workflow.ts';
import { forecastingWorkflow } from '../constructs/forecasting-workflow.ts';
import { HttpGateway } from '../constructs/http-gateway.ts';
import { LakeCatalogue } from '../constructs/lake-catalogue.ts';
import { meteringWorkflow } from '../constructs/metering-workflow.ts';
import { rebuildingWorkflow } from '../constructs/rebuilding-workflow.ts';
import { Schedules } from '../constructs/schedules.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { type FunctionName, type FunctionSpec, functionCatalogue } from '../function-catalogue.ts';
import { watchService } from '../service-alarms.ts';
import type { StageConfig } from '../stages.ts';
import { callerWiring } from '../wiring/caller-wiring.ts';
import type { Wiring, WorkerName, Workflows } from '../wiring/wiring.ts';
import { workerWiring } from '../wiring/worker-wiring.ts';
import type { SharedState } from './state-stack.ts';

export interface ServiceStackProps extends StackProps {
  readonly stage: StageConfig;
  readonly state: SharedState;
  readonly bundles: Bundles;
}

/** All that works on the data and can be made again: functions, workflows, the HTTP API, schedules and alarms. */
export class ServiceStack extends Stack {
  readonly #stage: StageConfig;
  readonly #specs: Readonly<Record<FunctionName, FunctionSpec>>;
  readonly #bundles: Bundles;
  /** One asset a folder: the functions that carry DuckDB get the same one. */
  readonly #code = new Map<string, Code>();

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    const { stage, state, bundles, ...stackProps } = props;
    super(scope, id, stackProps);
    this.#stage = stage;
    this.#specs = functionCatalogue(stage);
    this.#bundles = bundles;
    const wakeup = this.#queue('Wakeup', 'wake');
    const exports = this.#queue('Export', 'export');
    const pull = this.#queue('Pull', 'pull');
    const events = new EventBus(this, 'Events', {
      eventBusName: `headroom-${stage.name}`,
      description: 'What others may want to know of: budgets that reached a threshold',
    });
    const resources = { stage, state, wakeup, export: exports, pull, events };
    const workers = this.#functions(workerWiring(resources));
    const workflows = this.#workflows(workers);
    const callers = this.#functions(callerWiring(resources, workflows));
    const functions = { ...workers, ...callers };
    this.#feed(functions.ingest, state.landingQueue.arn, {
      batchSize: 10,
      window: Duration.seconds(stage.batchingWindowSeconds),
      maxConcurrency: stage.ingestConcurrency,
    });
    this.#feed(functions.wake, wakeup.queue.queueArn, { batchSize: 10 });
    this.#feed(functions.export, exports.queue.queueArn, { batchSize: 1, maxConcurrency: 2 });
    this.#feed(functions.pull, pull.queue.queueArn, {
      batchSize: 1,
      maxConcurrency: stage.pullConcurrency,
    });
    new LakeCatalogue(this, 'Catalogue', { stage, lake: state.lake });
    const gateway = new HttpGateway(this, 'Gateway', { stage, functions });
    const schedules = new Schedules(this, 'Schedules', { stage, ...functions, ...workflows });
    const alarms = new Alarms(this, 'Alarms', stage);
    watchService(alarms, {
      state,
      wakeup,
      export: exports,
      pull,
      functions,
      workflows,
      gateway,
      schedules,
    });
    new CfnOutput(this, 'ApiUrl', { value: gateway.api.apiEndpoint });
    new CfnOutput(this, 'EventBusName', { value: events.eventBusName });
    new CfnOutput(this, 'AlarmTopicArn', { value: alarms.topic.topicArn });
  }

  #queue(id: string, consumer: FunctionName): WorkQueue {
    return new WorkQueue(this, `${id}Queue`, {
      consumerTimeoutSeconds: this.#specs[consumer].timeoutSeconds,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  #functions<Name extends FunctionName>(
    wiring: Readonly<Record<Name, Wiring>>,
  ): Readonly<Record<Name, ServiceFunction>> {
    const names = Object.keys(wiring) as Name[];
    return Object.fromEntries(
      names.map((name) => [
        name,
        new ServiceFunction(this, name.charAt(0).toUpperCase() + name.slice(1), {
          ...wiring[name],
          stage: this.#stage,
          spec: this.#specs[name],
          bundle: this.#bundles.functions[name],
          code: this.#codeOf(this.#bundles.functions[name].directory),
        }),
      ]),
    ) as Record<Name, ServiceFunction>;
  }

  #codeOf(directory: string): Code {
    const code = this.#code.get(directory) ?? Code.fromAsset(directory);
    this.#code.set(directory, code);
    return code;
  }

  #workflows(functions: Readonly<Record<WorkerName, ServiceFunction>>): Workflows {
    const scoped = (id: string) => new Construct(this, id);
    return {
      metering: meteringWorkflow(scoped('Metering'), this.#stage, functions),
      close: closeWorkflow(scoped('Closing'), this.#stage, functions),
      forecasting: forecastingWorkflow(scoped('Forecasting'), this.#stage, functions),
      rebuilding: rebuildingWorkflow(scoped('Rebuilding'), this.#stage, functions.rebuild),
    };
  }

  #feed(
    fn: ServiceFunction,
    queueArn: string,
    options: {
      readonly batchSize: number;
      readonly window?: Duration;
      readonly maxConcurrency?: number;
    },
  ): void {
    const mapping = new EventSourceMapping(fn, 'Source', {
      target: fn.lambda,
      eventSourceArn: queueArn,
      batchSize: options.batchSize,
      reportBatchItemFailures: true,
      ...(options.window === undefined ? {} : { maxBatchingWindow: options.window }),
      ...(options.maxConcurrency === undefined ? {} : { maxConcurrency: options.maxConcurrency }),
    });
    acknowledge(
      mapping,
      'Serverless-LambdaEventSourceMappingDestination',
      'SQS sources have no failure destination: the queue sets failed messages aside in its dead-letter queue.',
    );
  }
}
