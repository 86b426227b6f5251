import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import * as z from 'zod';

const replySchema = z.union([
  z.object({ type: z.literal('ready'), port: z.number() }),
  z.object({ type: z.literal('prepared') }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);

type Reply = z.infer<typeof replySchema>;

export interface ServiceOptions {
  /** Tells the children of one instance from those of another, in the process table. */
  readonly instance: string;
  readonly script: URL;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string>>;
  /** The process ended by itself and was started again; `restarted` is false when that failed too. */
  readonly onCrash: (reason: string, restarted: boolean) => void;
}

/** So many crashes within the time are taken for an accident each; one more ends the service. */
const CRASHES = 5;
const CRASH_WINDOW_MS = 60_000;

/** An embedded server in a process of its own, which ends when this one does. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #crashes: number[] = [];
  #server: ServerProcess;
  #stopping = false;

  private constructor(options: ServiceOptions, server: ServerProcess) {
    this.#options = options;
    this.#server = server;
    this.#guard();
  }

  /** @throws Error when it does not come up */
  static async start(options: ServiceOptions): Promise<Service> {
    return new Service(options, await ServerProcess.start(options, 0));
  }

  get port(): number {
    return this.#server.port;
  }

  /** Hands over what the server has to hold before it is used, and waits until it does. */
  async prepare(declared: unknown): Promise<void> {
    await this.#server.prepare(declared);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#server.stop();
  }

  #guard(): void {
    void this.#server.exited.then(async (reason) => {
      if (this.#stopping) return;
      const now = Date.now();
      this.#crashes.push(now);
      const recent = this.#crashes.filter((at) => at > now - CRASH_WINDOW_MS).length;
      const restarted = recent <= CRASHES && (await this.#restart());
      this.#options.onCrash(reason, restarted);
    });
  }

  /** On the same port and the same data, so that clients need not know. */
  async #restart(): Promise<boolean> {
    try {
      this.#server = await ServerProcess.start(this.#options, this.port);
      if (this.#stopping) await this.#server.stop();
      else this.#guard();
      return true;
    } catch {
      return false;
    }
  }
}

class ServerProcess {
  /** Resolves with how it ended. */
  readonly exited: Promise<string>;
  port = 0;
  readonly #child: ChildProcess;
  readonly #replies: Reply[] = [];
  #waiting: ((reply: Reply) => void) | null = null;
  #errors = '';

  private constructor({ script, settings, instance, environment }: ServiceOptions, port: number) {
    this.#child = fork(script, [JSON.stringify({ ...settings, port }), instance], {
      env: { ...environment },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4_000);
    });
    this.#child.on('message', (message) => this.#receive(replySchema.parse(message)));
    this.exited = once(this.#child, 'exit').then(([code, signal]) => {
      const message = `ended with ${signal ?? `exit code ${code}`}. ${this.#errors.trim()}`;
      this.#receive({ type: 'failed', message });
      return message;
    });
  }

  static async start(options: ServiceOptions, port: number): Promise<ServerProcess> {
    const server = new ServerProcess(options, port);
    const reply = await server.#next();
    if (reply.type !== 'ready') {
      await server.stop();
      throw new Error(`${options.script.pathname.split('/').at(-1)} did not start: ${say(reply)}`);
    }
    server.port = reply.port;
    return server;
  }

  async prepare(declared: unknown): Promise<void> {
    this.#child.send({ type: 'prepare', declared });
    const reply = await this.#next();
    if (reply.type !== 'prepared') throw new Error(say(reply));
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await this.exited;
    clearTimeout(timer);
  }

  #receive(reply: Reply): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) this.#replies.push(reply);
    else waiting(reply);
  }

  #next(): Promise<Reply> {
    const reply = this.#replies.shift();
    if (reply !== undefined) return Promise.resolve(reply);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }
}

function say(reply: Reply): string {
  return reply.type === 'failed' ? reply.message : `it answered ${reply.type}`;
}
