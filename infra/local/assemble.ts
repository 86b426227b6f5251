import { join } from 'node:path';
import { createEventsEndpoint } from './events/endpoint.ts';
import { createGateway } from './http/gateway.ts';
import { FunctionFleet } from './invocation/function-fleet.ts';
import type { Parts } from './running-app.ts';
import { S3Backend } from './s3/backend.ts';
import { createS3Front } from './s3/front.ts';
import { S3Notifier } from './s3/notifier.ts';
import { Scheduler } from './schedule/scheduler.ts';
import { createSecretsEndpoint } from './secrets/endpoint.ts';
import { EventSource } from './sqs/event-source.ts';
import { SqsClient } from './sqs/sqs-client.ts';
import type { LocalEvent } from './start.ts';
import type { EmbeddedServices } from './state/embedded-services.ts';
import { createStatesEndpoint } from './states/endpoint.ts';
import { ExecutionStore } from './states/execution-store.ts';
import { StatesService } from './states/states-service.ts';
import { ACCOUNT_ID, type Endpoints } from './template/identity.ts';
import type { Plan } from './template/plan.ts';

/** Connects the parts and lets the work begin: first what a kill left undone. */
export async function assemble(given: {
  readonly dataDirectory: string;
  readonly unlock: () => void;
  readonly onEvent: (event: LocalEvent) => void;
  readonly servers: Parts['servers'];
  readonly services: EmbeddedServices;
  readonly plan: Plan;
  readonly endpoints: Endpoints;
  readonly region: string;
  readonly instance: string;
}): Promise<Parts> {
  const { servers, services, plan, endpoints, region, instance } = given;
  const { dataDirectory, unlock, onEvent } = given;
  const inData = (name: string) => join(dataDirectory, name);
  const onError = (error: unknown) => onEvent({ type: 'error', message: String(error) });
  const fleet = new FunctionFleet({
    functions: plan.functions,
    endpoints,
    region,
    instance,
    dataDirectory,
    onError: ({ logicalId }, { errorType, errorMessage }) =>
      onEvent({ type: 'function-error', functionId: logicalId, errorType, message: errorMessage }),
  });
  const invoke = (name: string, payload: string) => fleet.invoke(name, payload);
  const queues = new SqsClient(endpoints.sqs, plan.queues);
  const backend = new S3Backend(services.storageUrl, services.storageDirectory);
  const { buckets } = plan;
  const journalFile = inData('object-events.jsonl');
  const notifier = new S3Notifier({ buckets, journalFile, backend, queues, region });
  const executions = new ExecutionStore(inData('executions.db'));
  const machines = new StatesService(plan.machines, executions, invoke);
  const recovered = {
    objectEvents: await notifier.recover(),
    executions: executions.recover(Date.now()),
  };
  if (recovered.objectEvents + recovered.executions > 0) {
    onEvent({ type: 'recovered', ...recovered });
  }
  servers.s3.serve(createS3Front({ backend, notifier, onError }));
  servers.states.serve(createStatesEndpoint(machines));
  serveFiles(servers, { inData, region, buses: plan.buses });
  servers.api.serve(createGateway({ routes: plan.routes, invoke }));
  const sources = plan.eventSources.map(
    (source) =>
      new EventSource({ plan: source, queues, pool: fleet.pool(source.functionName), region }),
  );
  const scheduler = new Scheduler({
    schedules: plan.schedules,
    region,
    file: inData('schedules.json'),
    fire: async ({ kind, target }, payload) => {
      if (kind === 'stateMachine') machines.start(target, { input: payload });
      else await fleet.invokeLater(target, payload);
    },
    onError,
  });
  const instanceFile = inData('instance.json');
  return {
    unlock,
    services,
    servers,
    backend,
    notifier,
    executions,
    machines,
    fleet,
    sources,
    scheduler,
    instanceFile,
  };
}

/** Services whose whole state is files that people read and write. */
function serveFiles(
  servers: Parts['servers'],
  given: {
    readonly inData: (name: string) => string;
    readonly region: string;
    readonly buses: readonly string[];
  },
): void {
  const { inData, region, buses } = given;
  servers.secrets.serve(createSecretsEndpoint({ folder: inData('secrets'), region }));
  const file = inData('events.jsonl');
  servers.events.serve(createEventsEndpoint({ buses, file, region, account: ACCOUNT_ID }));
}
