import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createGateway } from './http/gateway.ts';
import { lockDirectory } from './instance-lock.ts';
import { FunctionFleet } from './invocation/function-fleet.ts';
import { instanceMark, killOrphans } from './orphans.ts';
import { LocalServer } from './process/local-server.ts';
import { type Parts, stopParts } from './running-app.ts';
import { S3Backend } from './s3/backend.ts';
import { createS3Front } from './s3/front.ts';
import { S3Notifier } from './s3/notifier.ts';
import { Scheduler } from './schedule/scheduler.ts';
import { EventSource } from './sqs/event-source.ts';
import { SqsClient } from './sqs/sqs-client.ts';
import { type EmbeddedServices, startEmbeddedServices } from './state/embedded-services.ts';
import { createStatesEndpoint } from './states/endpoint.ts';
import { ExecutionStore } from './states/execution-store.ts';
import { StatesService } from './states/states-service.ts';
import { readAssembly } from './template/assembly.ts';
import type { Endpoints } from './template/identity.ts';
import type { Plan } from './template/plan.ts';
import { readPlan } from './template/read-plan.ts';

export type LocalEvent =
  /** A function failed, timed out or crashed. */
  | {
      readonly type: 'function-error';
      readonly functionId: string;
      readonly errorType: string;
      readonly message: string;
    }
  /** What an unclean stop left behind was taken up again. */
  | { readonly type: 'recovered'; readonly objectEvents: number; readonly executions: number }
  /** A part of the runner failed and goes on. */
  | { readonly type: 'error'; readonly message: string }
  /** An embedded server ended for good: nothing works any more, stop the app. */
  | { readonly type: 'broken'; readonly message: string };

export interface StartOptions {
  /** Output directory of `cdk synth`. */
  readonly assembly: string;
  /** Where all state lives; made when missing. */
  readonly dataDir: string;
  /** Of the HTTP API; a free one when left out. */
  readonly port?: number;
  readonly onEvent?: (event: LocalEvent) => void;
}

/** Physical names by logical id. Queues by address, state machines by ARN. */
export interface Resources {
  readonly tables: Readonly<Record<string, string>>;
  readonly buckets: Readonly<Record<string, string>>;
  readonly queues: Readonly<Record<string, string>>;
  readonly functions: Readonly<Record<string, string>>;
  readonly stateMachines: Readonly<Record<string, string>>;
}

export interface RunningApp {
  /** Of the HTTP API. */
  readonly url: string;
  readonly endpoints: Endpoints;
  readonly region: string;
  readonly resources: Resources;
  readonly plan: Plan;
  /** Lets what runs finish, for some seconds, and ends everything. */
  stop(): Promise<void>;
}

const DEFAULT_REGION = 'us-east-1';

/**
 * Runs a synthesized app on this machine.
 * @throws AssemblyProblem when the assembly declares what is not known here
 * @throws DataDirectoryInUse when another instance runs on the data directory
 */
export async function startLocal(options: StartOptions): Promise<RunningApp> {
  const dataDirectory = resolve(options.dataDir);
  mkdirSync(dataDirectory, { recursive: true });
  const unlock = lockDirectory(dataDirectory);
  const opened: { close(): unknown }[] = [];
  try {
    return await start({ ...options, dataDirectory, unlock, opened });
  } catch (error) {
    for (const { close } of opened.reverse()) await close();
    unlock();
    throw error;
  }
}

interface Starting extends StartOptions {
  readonly dataDirectory: string;
  readonly unlock: () => void;
  /** What to close again when a later step fails. */
  readonly opened: { close(): unknown }[];
}

async function start(starting: Starting): Promise<RunningApp> {
  const { dataDirectory, opened, onEvent = () => {} } = starting;
  const instance = instanceMark(dataDirectory);
  killOrphans(instance);
  rmSync(join(dataDirectory, 'tmp'), { recursive: true, force: true });
  const assembly = readAssembly(starting.assembly);
  const region = assembly.stacks.find((stack) => stack.region !== null)?.region ?? DEFAULT_REGION;
  const servers = await listen(starting);
  const services = await startEmbeddedServices({
    dataDirectory,
    region,
    instance,
    onCrash: (message, restarted) => onEvent({ type: restarted ? 'error' : 'broken', message }),
  });
  opened.push({ close: () => services.stop() });
  const endpoints: Endpoints = {
    api: servers.api.url,
    s3: servers.s3.url,
    states: servers.states.url,
    dynamodb: services.dynamodbUrl,
    sqs: services.storageUrl,
  };
  const plan = readPlan(assembly, { region, endpoints });
  await services.prepare(plan);
  const parts = await assemble({
    starting,
    servers,
    services,
    plan,
    endpoints,
    region,
    instance,
  });
  const app = { url: endpoints.api, endpoints, region, resources: resourcesOf(plan), plan };
  writeInstance(parts.instanceFile, app);
  let stopping: Promise<void> | null = null;
  return {
    ...app,
    stop() {
      stopping ??= stopParts(parts);
      return stopping;
    },
  };
}

async function listen({ port, opened }: Starting): Promise<Parts['servers']> {
  const open = async (wanted?: number) => {
    const server = await LocalServer.listen(wanted);
    opened.push({ close: () => server.end() });
    return server;
  };
  return { api: await open(port), s3: await open(), states: await open() };
}

/** Connects the parts and lets the work begin: first what a kill left undone. */
async function assemble(given: {
  readonly starting: Starting;
  readonly servers: Parts['servers'];
  readonly services: EmbeddedServices;
  readonly plan: Plan;
  readonly endpoints: Endpoints;
  readonly region: string;
  readonly instance: string;
}): Promise<Parts> {
  const { starting, servers, services, plan, endpoints, region, instance } = given;
  const { dataDirectory, unlock, onEvent = () => {} } = starting;
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

function resourcesOf(plan: Plan): Resources {
  const names = (items: readonly { readonly logicalId: string; readonly name: string }[]) =>
    Object.fromEntries(items.map(({ logicalId, name }) => [logicalId, name]));
  return {
    tables: names(plan.tables),
    buckets: names(plan.buckets),
    functions: names(plan.functions),
    queues: Object.fromEntries(plan.queues.map(({ logicalId, url }) => [logicalId, url])),
    stateMachines: Object.fromEntries(plan.machines.map(({ logicalId, arn }) => [logicalId, arn])),
  };
}

/** For the CLI and the tests, which find the running app by its data directory. */
function writeInstance(file: string, app: Omit<RunningApp, 'stop' | 'plan'>): void {
  const { url, endpoints, region, resources } = app;
  const startedAt = new Date().toISOString();
  const instance = { url, pid: process.pid, startedAt, region, endpoints, resources };
  writeFileSync(`${file}.new`, `${JSON.stringify(instance, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
