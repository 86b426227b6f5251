import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { memorySecretStore } from '../../lib/adapters/memory/secret-store.ts';
import { memorySourceStates } from '../../lib/adapters/memory/source-states.ts';
import { nodeByteWork } from '../../lib/adapters/node/byte-work.ts';
import { openStackSessions, type SessionLimits } from '../../lib/adapters/openstack/session.ts';
import type { SourceState } from '../../lib/ports/sources.ts';
import {
  type FailingSource,
  type PullOutcome,
  type PullPorts,
  pullSource,
} from '../../lib/sources/pull-source.ts';
import { type Source, sourceSchema } from '../../lib/sources/source.ts';
import type { RecordedOpenStack } from './recorded-openstack.ts';

export const PASSWORD = 'canary-83d0-password';
const zip = promisify(gzip);

/** A pull over real HTTP, with everything else in memory and a clock that the test moves. */
export function pullWorld(
  cloud: RecordedOpenStack,
  options: {
    readonly at?: string;
    readonly secret?: string;
    readonly limits?: SessionLimits;
    readonly changes?: Partial<PullPorts>;
  } = {},
) {
  let now = new Date(options.at ?? '2026-11-21T12:30:00Z');
  const slept: number[] = [];
  const logged: unknown[] = [];
  const failing: FailingSource[] = [];
  const landing = memoryObjectStore(() => now);
  const states = memorySourceStates();
  const secret =
    options.secret ??
    JSON.stringify({ username: 'headroom', password: PASSWORD, project_name: 'admin' });
  const ports: PullPorts = {
    states,
    secrets: memorySecretStore({ 'headroom/west': secret }),
    openSession: openStackSessions(() => now, options.limits),
    landing,
    bytes: nodeByteWork(),
    gzip: (text) => zip(text),
    every: () => () => undefined,
    now: () => now,
    sleep: async (seconds) => {
      slept.push(seconds);
      now = new Date(now.getTime() + seconds * 1_000);
    },
    random: () => 0.5,
    logError: (message, details) => logged.push({ message, details }),
    logFailing: (one) => failing.push(one),
    ...options.changes,
  };
  let runs = 0;
  return {
    ports,
    slept,
    logged,
    failing,
    landing,
    states,
    at: () => now,
    moveTo: (time: string) => {
      now = new Date(time);
    },
    source: (fields: Readonly<Record<string, unknown>>): Source =>
      sourceSchema.parse({
        id: 'west-source',
        region: 'west',
        authUrl: cloud.authUrl,
        secret: 'headroom/west',
        ...fields,
      }),
    async pull(
      source: Source,
      request: { readonly isScheduled?: boolean; readonly seconds?: number } = {},
    ): Promise<PullOutcome> {
      runs += 1;
      const { isScheduled = false, seconds = 900 } = request;
      return await pullSource(ports, {
        source,
        request: {
          source: source.id,
          run: `run-${runs}`,
          actor: 'ops',
          requestedAt: now.toISOString(),
          isScheduled,
        },
        deadlineMs: now.getTime() + seconds * 1_000,
      });
    },
    async state(id = 'west-source'): Promise<SourceState> {
      const state = await states.get(id);
      if (state === null) throw new Error(`no state of ${id}`);
      return state;
    },
    async keys(): Promise<string[]> {
      return (await Array.fromAsync(landing.list(''))).map(({ key }) => key);
    },
    /** Lines of all objects, by key. */
    async lines(): Promise<Map<string, readonly Record<string, unknown>[]>> {
      const found = new Map<string, readonly Record<string, unknown>[]>();
      for await (const { key } of landing.list('')) {
        const text = gunzipSync((await landing.get(key)) ?? new Uint8Array()).toString('utf8');
        found.set(
          key,
          text
            .trimEnd()
            .split('\n')
            .map((line) => JSON.parse(line)),
        );
      }
      return found;
    },
  };
}
