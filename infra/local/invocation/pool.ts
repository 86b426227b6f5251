import type { FunctionPlan } from '../template/plan.ts';
import { Environment, type EnvironmentOptions } from './environment.ts';
import type { FunctionError, InvokeResult } from './protocol.ts';

/** Warm processes of one function, at most `limit` of them. Events beyond that wait their turn. */
export class FunctionPool {
  readonly #options: EnvironmentOptions;
  readonly #limit: number;
  readonly #onError: (plan: FunctionPlan, error: FunctionError) => void;
  readonly #idle: Environment[] = [];
  readonly #busy = new Set<Environment>();
  readonly #waiting: ((environment: Environment | null) => void)[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #stopping = false;

  constructor(
    options: EnvironmentOptions,
    limit: number,
    onError: (plan: FunctionPlan, error: FunctionError) => void,
  ) {
    this.#options = options;
    this.#limit = limit;
    this.#onError = onError;
  }

  get plan(): FunctionPlan {
    return this.#options.plan;
  }

  /** How many events it takes at a time. */
  get limit(): number {
    return this.#limit;
  }

  /** @param payload JSON text */
  async invoke(payload: string): Promise<InvokeResult> {
    const environment = await this.#acquire();
    if (environment === null) return { ok: false, error: STOPPING };
    const running = environment.invoke(payload);
    this.#running.add(running);
    const result = await running;
    this.#running.delete(running);
    this.#release(environment);
    if (!result.ok) this.#onError(this.plan, result.error);
    return result;
  }

  /** Ends processes that had nothing to do for a while: the last one of a function after a longer one. */
  shrink(idle: { readonly spareMs: number; readonly lastMs: number }): void {
    const now = Date.now();
    const kept = this.#idle.filter(({ idleSince }, index) => {
      const isLast = index === this.#idle.length - 1;
      return now - idleSince < (isLast ? idle.lastMs : idle.spareMs);
    });
    for (const environment of this.#idle.splice(0)) {
      if (!kept.includes(environment)) environment.kill();
    }
    this.#idle.push(...kept);
  }

  /** Takes no more events, and waits for those that run, at most until `graceMs` are over. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    for (const waiting of this.#waiting.splice(0)) waiting(null);
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.allSettled(this.#running), grace]);
    clearTimeout(timer);
    for (const environment of [...this.#idle, ...this.#busy]) environment.kill();
  }

  #acquire(): Promise<Environment | null> {
    if (this.#stopping) return Promise.resolve(null);
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.alive) return Promise.resolve(this.#use(idle));
    }
    if (this.#busy.size < this.#limit) {
      return Promise.resolve(this.#use(new Environment(this.#options)));
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #use(environment: Environment): Environment {
    this.#busy.add(environment);
    return environment;
  }

  #release(environment: Environment): void {
    this.#busy.delete(environment);
    if (environment.alive && !this.#stopping) this.#idle.push(environment);
    else environment.kill();
    const next = this.#waiting.shift();
    if (next !== undefined) void this.#acquire().then(next);
  }
}

const STOPPING: FunctionError = {
  errorType: 'Runtime.Stopping',
  errorMessage: 'The runner is stopping',
  trace: [],
};
