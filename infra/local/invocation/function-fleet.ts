import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Endpoints } from '../template/identity.ts';
import type { FunctionPlan } from '../template/plan.ts';
import { FunctionLog } from './function-log.ts';
import { ASYNCHRONOUS_BYTES } from './limits.ts';
import { FunctionPool } from './pool.ts';
import type { FunctionError, InvokeResult } from './protocol.ts';
import { functionVariables } from './variables.ts';

export interface FleetOptions {
  readonly functions: readonly FunctionPlan[];
  readonly endpoints: Endpoints;
  readonly region: string;
  readonly instance: string;
  readonly dataDirectory: string;
  readonly onError: (plan: FunctionPlan, error: FunctionError) => void;
}

/** Idle processes give their memory back; one of each function stays warm for longer. */
const IDLE = { spareMs: 30_000, lastMs: 5 * 60_000 };
const SHRINK_MS = 15_000;
const RETRY_DELAYS_MS = [60_000, 120_000];

/** All functions of the assembly. */
export class FunctionFleet {
  readonly #pools: ReadonlyMap<string, FunctionPool>;
  readonly #shrink: NodeJS.Timeout;
  readonly #stopped = new AbortController();

  constructor(options: FleetOptions) {
    const { functions, endpoints, region, instance, dataDirectory } = options;
    this.#pools = new Map(
      functions.map((plan) => [
        plan.name,
        new FunctionPool(
          {
            plan,
            instance,
            variables: functionVariables(plan, endpoints, region),
            log: new FunctionLog(join(dataDirectory, 'logs', `${plan.logicalId}.log`)),
            temporary: join(dataDirectory, 'tmp'),
          },
          // More processes than that only get in each other's way.
          Math.min(plan.reservedConcurrency ?? Number.POSITIVE_INFINITY, concurrency()),
          options.onError,
        ),
      ]),
    );
    this.#shrink = setInterval(() => {
      for (const pool of this.#pools.values()) pool.shrink(IDLE);
    }, SHRINK_MS);
    this.#shrink.unref();
  }

  pool(name: string): FunctionPool {
    const pool = this.#pools.get(name);
    if (pool === undefined) throw new Error(`no function of the assembly is called ${name}`);
    return pool;
  }

  /** Waits for the answer. */
  invoke(name: string, payload: string): Promise<InvokeResult> {
    return this.pool(name).invoke(payload);
  }

  /** Calls without waiting for the answer; a failed call is tried again, as Lambda does. */
  async invokeLater(name: string, payload: string): Promise<void> {
    if (Buffer.byteLength(payload) > ASYNCHRONOUS_BYTES) {
      throw new Error(
        `the event for ${name} is larger than the ${ASYNCHRONOUS_BYTES} bytes that Lambda takes`,
      );
    }
    const { asyncRetries } = this.pool(name).plan;
    for (const delayMs of [...RETRY_DELAYS_MS.slice(0, asyncRetries), null]) {
      const { ok } = await this.invoke(name, payload);
      if (ok || delayMs === null || this.#stopped.signal.aborted) return;
      await sleep(delayMs, null, { signal: this.#stopped.signal }).catch(() => {});
    }
  }

  async stop(graceMs: number): Promise<void> {
    clearInterval(this.#shrink);
    this.#stopped.abort();
    await Promise.all([...this.#pools.values()].map((pool) => pool.stop(graceMs)));
  }
}

function concurrency(): number {
  return Math.max(2, availableParallelism());
}
