import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionPlan } from '../template/plan.ts';
import type { FunctionLog } from './function-log.ts';
import {
  type EnvironmentMessage,
  environmentMessage,
  type FunctionError,
  type InvokeMessage,
  type InvokeResult,
} from './protocol.ts';

export interface EnvironmentOptions {
  readonly plan: FunctionPlan;
  /** Tells the processes of one instance from those of another, in the process table. */
  readonly instance: string;
  /** Everything that the process gets to see; nothing of the runner's own environment. */
  readonly variables: Readonly<Record<string, string>>;
  readonly log: FunctionLog;
  /** Where the directory for this environment's temporary files is made. */
  readonly temporary: string;
}

/** Loading native modules on a busy machine takes longer than Lambda's 10 s. */
const INIT_TIMEOUT_MS = 60_000;
const MEMORY_CHECK_MS = 1_000;

/** One process that runs one function, one event at a time. */
export class Environment {
  readonly #plan: FunctionPlan;
  readonly #log: FunctionLog;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #ready: Promise<FunctionError | null>;
  #settle: ((result: InvokeResult) => void) | null = null;
  #requestId = '';
  /** Why this side killed the process; null while it did not. */
  #killedFor: FunctionError | null = null;
  alive = true;
  idleSince = Date.now();

  constructor(options: EnvironmentOptions) {
    const { plan } = options;
    this.#plan = plan;
    this.#log = options.log;
    this.#directory = join(options.temporary, `${plan.logicalId}-${randomUUID()}`);
    mkdirSync(this.#directory, { recursive: true });
    const settings = {
      root: plan.directory,
      handler: plan.handler,
      name: plan.name,
      arn: plan.arn,
      memoryMib: plan.memoryMib,
    };
    const startedAt = performance.now();
    const script = new URL('./bootstrap.ts', import.meta.url);
    this.#child = fork(script, [JSON.stringify(settings), options.instance], {
      cwd: plan.directory,
      env: { ...options.variables, TMPDIR: this.#directory },
      // As Lambda does: a tenth of the memory is left to what is not JavaScript's heap.
      execArgv: [`--max-old-space-size=${Math.floor(plan.memoryMib * 0.9)}`],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) this.#log.follow(stream, () => this.#requestId);
    }
    this.#ready = this.#initialize(startedAt);
    this.#child.on('message', (message) => this.#receive(environmentMessage.parse(message)));
    this.#child.on('error', () => {}); // Writing to a process that just died; its exit follows.
    this.#child.on('exit', (code, signal) => this.#exited(code, signal));
  }

  async invoke(payload: string): Promise<InvokeResult> {
    const failed = await this.#ready;
    if (failed !== null) {
      this.kill();
      return { ok: false, error: failed };
    }
    const requestId = randomUUID();
    const startedAt = performance.now();
    this.#requestId = requestId;
    const timeoutMs = this.#plan.timeoutSeconds * 1_000;
    const timeout = setTimeout(() => this.#kill(timedOut(requestId, timeoutMs)), timeoutMs);
    const watch = setInterval(() => this.#checkMemory(requestId), MEMORY_CHECK_MS);
    const result = await new Promise<InvokeResult>((resolve) => {
      this.#settle = resolve;
      const deadline = Date.now() + timeoutMs;
      const message: InvokeMessage = { type: 'invoke', requestId, payload, deadline };
      if (this.#child.connected) this.#child.send(message);
    });
    clearTimeout(timeout);
    clearInterval(watch);
    this.#log.report(requestId, performance.now() - startedAt, result);
    this.#requestId = '';
    this.idleSince = Date.now();
    return result;
  }

  kill(): void {
    this.alive = false;
    this.#child.kill('SIGKILL');
  }

  async #initialize(startedAt: number): Promise<FunctionError | null> {
    const result = await new Promise<InvokeResult>((resolve) => {
      this.#settle = resolve;
      const timer = setTimeout(() => {
        const errorMessage = `Init did not finish within ${INIT_TIMEOUT_MS / 1_000} seconds`;
        this.#kill({ errorType: 'Sandbox.Timedout', errorMessage, trace: [] });
      }, INIT_TIMEOUT_MS);
      this.#child.once('message', () => clearTimeout(timer));
      this.#child.once('exit', () => clearTimeout(timer));
    });
    this.#log.initialized(performance.now() - startedAt, result);
    return result.ok ? null : result.error;
  }

  #receive(message: EnvironmentMessage): void {
    if (message.type === 'ready') this.#finish({ ok: true, payload: 'null' });
    else if (message.type === 'init-failed') this.#finish({ ok: false, error: message.error });
    else if (message.requestId !== this.#requestId) return;
    else if (message.type === 'result') this.#finish({ ok: true, payload: message.payload });
    else this.#finish({ ok: false, error: message.error });
  }

  #finish(result: InvokeResult): void {
    const settle = this.#settle;
    this.#settle = null;
    settle?.(result);
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.alive = false;
    rmSync(this.#directory, { recursive: true, force: true });
    const how = signal === null ? `exit status ${code}` : `signal: ${signal}`;
    const errorMessage = `RequestId: ${this.#requestId} Error: Runtime exited with error: ${how}`;
    const crashed = { errorType: 'Runtime.ExitError', errorMessage, trace: [] };
    this.#finish({ ok: false, error: this.#killedFor ?? crashed });
  }

  #kill(error: FunctionError): void {
    this.#killedFor = error;
    this.kill();
  }

  /** Lambda kills a function that outgrows its memory; the heap limit alone does not see native memory. */
  #checkMemory(requestId: string): void {
    const usedMib = anonymousMemoryMib(this.#child.pid);
    if (usedMib === null || usedMib <= this.#plan.memoryMib) return;
    const errorMessage = `RequestId: ${requestId} Error: Runtime exited with error: signal: killed (${Math.round(usedMib)} MiB used of ${this.#plan.memoryMib} MiB)`;
    this.#kill({ errorType: 'Runtime.OutOfMemory', errorMessage, trace: [] });
  }
}

function timedOut(requestId: string, timeoutMs: number): FunctionError {
  const seconds = (timeoutMs / 1_000).toFixed(2);
  const errorMessage = `${new Date().toISOString()} ${requestId} Task timed out after ${seconds} seconds`;
  return { errorType: 'Sandbox.Timedout', errorMessage, trace: [] };
}

/** What the process holds beyond mapped files; null where the system does not tell. */
function anonymousMemoryMib(pid: number | undefined): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kib] = /^RssAnon:\s+(\d+) kB$/m.exec(status) ?? [];
    return kib === undefined ? null : Number(kib) / 1_024;
  } catch {
    return null;
  }
}
