import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runHeadroom } from '../../cli/run.ts';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = join(ROOT, 'cli/main.ts');

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The whole deployment on this machine, in a data folder of its own, driven as a user drives it. */
export class App {
  readonly dataDir: string;
  url = '';
  #process: ChildProcess | null = null;
  #log = '';

  constructor() {
    this.dataDir = mkdtempSync(join(tmpdir(), 'headroom-e2e-'));
  }

  get log(): string {
    return this.#log;
  }

  /** Starts `headroom up` and waits until the API answers. */
  async start(flags: readonly string[] = ['--empty']): Promise<void> {
    this.#log = '';
    const child = spawn(process.execPath, [MAIN, 'up', '--data', this.dataDir, ...flags], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that kill() takes the whole family at once, as a power cut would.
      detached: true,
    });
    this.#process = child;
    child.stdout.on('data', (chunk) => this.#append(chunk));
    child.stderr.on('data', (chunk) => this.#append(chunk));
    await this.#ready(child);
  }

  #append(chunk: Buffer): void {
    this.#log += chunk.toString('utf8');
  }

  async #ready(child: ChildProcess): Promise<void> {
    const deadline = Date.now() + 120_000;
    while (Date.now() < deadline) {
      if (child.exitCode !== null) {
        throw new Error(`headroom up ended with ${child.exitCode}:\n${this.#log.slice(-4_000)}`);
      }
      const instance = await readFile(join(this.dataDir, 'instance.json'), 'utf8').catch(
        () => '{}',
      );
      const { url, pid } = JSON.parse(instance) as { url?: string; pid?: number };
      if (url !== undefined && pid !== undefined && isAlive(pid)) {
        const health = await fetch(`${url}/v1/health`).catch(() => null);
        if (health?.ok === true) {
          this.url = url;
          return;
        }
      }
      await sleep(200);
    }
    throw new Error(`headroom up was not ready in two minutes:\n${this.#log.slice(-4_000)}`);
  }

  /** Ctrl-C. @returns the exit code */
  async stop(): Promise<number | null> {
    const child = this.#process;
    if (child === null || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    return await ended;
  }

  /** kill -9 of everything at once. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Runs a command of the CLI against this app, without the half second that a process of its own takes. */
  async run(args: readonly string[], input = ''): Promise<CommandResult> {
    const [out, err]: [string[], string[]] = [[], []];
    const code = await runHeadroom(args, {
      out: async (text) => void out.push(text),
      err: (text) => void err.push(text),
      stdin: Readable.from(input === '' ? [] : [Buffer.from(input)]),
      outIsTerminal: false,
      errIsTerminal: false,
      color: false,
      env: { HEADROOM_URL: this.url },
      cwd: ROOT,
      now: () => new Date(),
      sleep: (ms) => sleep(ms),
    });
    return { code, stdout: out.join(''), stderr: err.join('') };
  }

  /** The same, and fails when the command fails. */
  async ok(args: readonly string[]): Promise<string> {
    const result = await this.run(args);
    if (result.code !== 0) {
      throw new Error(
        `headroom ${args.join(' ')} ended with ${result.code}:\n${result.stdout}\n${result.stderr}\n${this.#log.slice(-3_000)}`,
      );
    }
    return result.stdout;
  }

  /** Posts as Ceilometer's own http publisher does. @returns the ingest id */
  async post(region: string, body: string | Uint8Array, encoding?: 'gzip'): Promise<string> {
    const answer = await fetch(`${this.url}/v1/regions/${region}/samples`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
      },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
    if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { ingestId: string }).ingestId;
  }

  /** Waits until at least `count` ingests of the region are final, and all that are there are metered. */
  async settled(region: string, count: number): Promise<IngestView[]> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      const answer = await fetch(`${this.url}/v1/ingests?region=${region}&limit=200`);
      const { items = [] } = (await answer.json()) as { items?: IngestView[] };
      const final = items.filter(({ state }) => state === 'metered' || state === 'refused');
      if (final.length >= count && final.length === items.length) return final;
      if (Date.now() > deadline) {
        throw new Error(
          `${region}: ${final.length} of ${count} ingests are metered after 2 minutes`,
        );
      }
      await sleep(300);
    }
  }

  async usage(region: string, from: string, to: string): Promise<UsageRow[]> {
    const by = 'project,resource,measure,class,hour';
    const out = await this.ok([
      'usage',
      ...['--region', region, '--from', from, '--to', to, '--by', by, '-o', 'jsonl'],
    ]);
    return jsonLines(out) as UsageRow[];
  }
}

export interface IngestView {
  readonly id: string;
  readonly state: string;
  readonly problem: string | null;
  readonly counts: Readonly<Record<string, number>>;
}

export interface UsageRow {
  readonly project: string;
  readonly resource: string;
  readonly measure: string;
  readonly class: string;
  readonly hour: string;
  readonly quantity: string;
}

/** Runs a command as a person's shell does. */
export async function runProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const child = spawn(process.execPath, [join(ROOT, 'cli/headroom.mjs'), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { code, stdout, stderr };
}

export function jsonLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Rows that differ by more than 1e-9, or stand on one side only, in words. */
export function differences(actual: readonly UsageRow[], expected: readonly UsageRow[]): string[] {
  const key = (row: UsageRow): string =>
    JSON.stringify([row.project, row.resource, row.measure, row.class, row.hour]);
  const left = new Map(actual.map((row) => [key(row), row.quantity]));
  const found: string[] = [];
  if (left.size !== actual.length) found.push('a key stands twice in the usage');
  for (const row of expected) {
    const quantity = left.get(key(row));
    left.delete(key(row));
    if (quantity === undefined) found.push(`missing ${key(row)} ${row.quantity}`);
    else if (!(Math.abs(Number(quantity) - Number(row.quantity)) <= 1e-9)) {
      found.push(`${key(row)} is ${quantity}, expected ${row.quantity}`);
    }
  }
  for (const [extra, quantity] of left) found.push(`unexpected ${extra} ${quantity}`);
  return found;
}

/** Runs `work` for each item, a few at a time. */
export async function inParallel<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      await work(next[1], next[0]);
    }
  };
  await Promise.all(Array.from({ length: 3 }, worker));
}

/** The counts of one line that `headroom ingest` printed. */
export function countsOf(line: string): Record<string, number> {
  return Object.fromEntries(
    [...line.matchAll(/\b(rows|accepted|duplicate|conflict|quarantined|unmetered)=(\d+)/g)].map(
      (match) => [match[1] ?? '', Number(match[2])],
    ),
  );
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
