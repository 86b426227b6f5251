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
  /** Called once if the process ends before `stop`. */
  readonly onUnexpectedExit: (reason: string) => void;
}

/** An embedded server in a process of its own, which ends when this one does. */
export class Service {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #replies: Reply[] = [];
  #waiting: ((reply: Reply) => void) | null = null;
  #stopping = false;
  #errors = '';
  port = 0;

  private constructor(options: ServiceOptions) {
    this.#child = fork(options.script, [JSON.stringify(options.settings), options.instance], {
      env: { ...options.environment },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4_000);
    });
    this.#child.on('message', (message) => this.#receive(replySchema.parse(message)));
    this.#exited = once(this.#child, 'exit').then(([code, signal]) => {
      const reason = `ended with ${signal ?? `exit code ${code}`}. ${this.#errors.trim()}`;
      this.#receive({ type: 'failed', message: reason });
      if (!this.#stopping && this.port !== 0) options.onUnexpectedExit(reason);
    });
  }

  /** @throws Error when it does not come up */
  static async start(options: ServiceOptions): Promise<Service> {
    const service = new Service(options);
    const reply = await service.#next();
    if (reply.type !== 'ready') {
      throw new Error(`${options.script.pathname.split('/').at(-1)} did not start: ${say(reply)}`);
    }
    service.port = reply.port;
    return service;
  }

  /** Hands over what the server has to hold before it is used, and waits until it does. */
  async prepare(declared: unknown): Promise<void> {
    this.#child.send({ type: 'prepare', declared });
    const reply = await this.#next();
    if (reply.type !== 'prepared') throw new Error(say(reply));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await this.#exited;
    clearTimeout(timer);
  }

  #receive(reply: Reply): void {
    if (this.#waiting === null) this.#replies.push(reply);
    else {
      const waiting = this.#waiting;
      this.#waiting = null;
      waiting(reply);
    }
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
