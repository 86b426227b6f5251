import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

const rowSchema = z.object({
  arn: z.string(),
  machineArn: z.string(),
  name: z.string(),
  status: z.enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']),
  input: z.string(),
  output: z.string().nullable(),
  error: z.string().nullable(),
  cause: z.string().nullable(),
  startedAt: z.number(),
  stoppedAt: z.number().nullable(),
});

/** Instants are epoch milliseconds; input and output are JSON text. */
export type Execution = z.infer<typeof rowSchema>;

export interface Outcome {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** For so long a name stays taken after its execution ended. */
const NAME_KEPT_MS = 90 * 86_400_000;

/** Executions of all state machines. Their names outlive restarts, as they do on AWS. */
export class ExecutionStore {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS executions (
        arn TEXT PRIMARY KEY, machineArn TEXT NOT NULL, name TEXT NOT NULL, status TEXT NOT NULL,
        input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT,
        startedAt INTEGER NOT NULL, stoppedAt INTEGER
      );
      CREATE INDEX IF NOT EXISTS by_machine ON executions (machineArn, startedAt);
    `);
  }

  /** Ends what a former run left running, and frees old names. @returns how many were ended */
  recover(now: number): number {
    const cause =
      'The local runner ended while this execution ran. Start it again under another name.';
    const { changes } = this.#database
      .prepare(
        `UPDATE executions SET status = 'ABORTED', error = 'Local.Restarted', cause = ?, stoppedAt = ?
         WHERE status = 'RUNNING'`,
      )
      .run(cause, now);
    this.#database.prepare('DELETE FROM executions WHERE stoppedAt < ?').run(now - NAME_KEPT_MS);
    return Number(changes);
  }

  add(execution: Pick<Execution, 'arn' | 'machineArn' | 'name' | 'input' | 'startedAt'>): void {
    const { arn, machineArn, name, input, startedAt } = execution;
    this.#database
      .prepare(
        `INSERT INTO executions (arn, machineArn, name, status, input, startedAt)
         VALUES (?, ?, ?, 'RUNNING', ?, ?)`,
      )
      .run(arn, machineArn, name, input, startedAt);
  }

  /** The first outcome stands. */
  finish(arn: string, outcome: Outcome, now: number): void {
    const { status, output = null, error = null, cause = null } = outcome;
    this.#database
      .prepare(
        `UPDATE executions SET status = ?, output = ?, error = ?, cause = ?, stoppedAt = ?
         WHERE arn = ? AND status = 'RUNNING'`,
      )
      .run(status, output, error, cause, now, arn);
  }

  get(arn: string): Execution | null {
    const row = this.#database.prepare('SELECT * FROM executions WHERE arn = ?').get(arn);
    return row === undefined ? null : rowSchema.parse(row);
  }

  /** Newest first. */
  list(query: {
    readonly machineArn: string;
    readonly status: string | null;
    readonly offset: number;
    readonly limit: number;
  }): readonly Execution[] {
    const { machineArn, status, offset, limit } = query;
    const rows = this.#database
      .prepare(
        `SELECT * FROM executions WHERE machineArn = ? AND (? IS NULL OR status = ?)
         ORDER BY startedAt DESC, arn LIMIT ? OFFSET ?`,
      )
      .all(machineArn, status, status, limit, offset);
    return rows.map((row) => rowSchema.parse(row));
  }

  close(): void {
    this.#database.close();
  }
}
