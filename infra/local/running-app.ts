import { rmSync } from 'node:fs';
import type { FunctionFleet } from './invocation/function-fleet.ts';
import type { LocalServer } from './process/local-server.ts';
import type { S3Backend } from './s3/backend.ts';
import type { S3Notifier } from './s3/notifier.ts';
import type { Scheduler } from './schedule/scheduler.ts';
import type { EventSource } from './sqs/event-source.ts';
import type { EmbeddedServices } from './state/embedded-services.ts';
import type { ExecutionStore } from './states/execution-store.ts';
import type { StatesService } from './states/states-service.ts';

/** Everything that runs, in the order in which it came up. */
export interface Parts {
  readonly unlock: () => void;
  readonly services: EmbeddedServices;
  readonly servers: {
    readonly api: LocalServer;
    readonly s3: LocalServer;
    readonly states: LocalServer;
    readonly secrets: LocalServer;
    readonly events: LocalServer;
  };
  readonly backend: S3Backend;
  readonly notifier: S3Notifier;
  readonly executions: ExecutionStore;
  readonly machines: StatesService;
  readonly fleet: FunctionFleet;
  readonly sources: readonly EventSource[];
  readonly scheduler: Scheduler;
  readonly instanceFile: string;
}

/** How long functions that run may go on when the app is stopped. */
const GRACE_MS = 8_000;

/** Takes nothing new, lets what runs finish, then closes what it used. */
export async function stopParts(parts: Parts): Promise<void> {
  const { servers, sources, fleet, machines } = parts;
  rmSync(parts.instanceFile, { force: true });
  parts.scheduler.stop();
  servers.api.close();
  machines.abortAll();
  await Promise.all(sources.map((source) => source.stop()));
  await fleet.stop(GRACE_MS);
  await Promise.all(sources.map((source) => source.settled()));
  for (const server of Object.values(servers)) server.end();
  parts.backend.end();
  parts.notifier.end();
  parts.executions.close();
  await parts.services.stop();
  parts.unlock();
}
