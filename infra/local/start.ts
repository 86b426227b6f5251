import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { assemble } from './assemble.ts';
import { resourcesOf, writeInstance } from './instance-file.ts';
import { lockDirectory } from './instance-lock.ts';
import { instanceMark, killOrphans } from './orphans.ts';
import { LocalServer } from './process/local-server.ts';
import { type Parts, stopParts } from './running-app.ts';
import { startEmbeddedServices } from './state/embedded-services.ts';
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
    secrets: servers.secrets.url,
    events: servers.events.url,
    dynamodb: services.dynamodbUrl,
    sqs: services.storageUrl,
  };
  const plan = readPlan(assembly, { region, endpoints });
  await services.prepare(plan);
  const parts = await assemble({
    dataDirectory,
    unlock: starting.unlock,
    onEvent,
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
  return {
    api: await open(port),
    s3: await open(),
    states: await open(),
    secrets: await open(),
    events: await open(),
  };
}
