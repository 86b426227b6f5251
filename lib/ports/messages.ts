/** Sends work on its way; at least once, unordered. */
export interface Messages {
  /** Starts metering after `delaySeconds`. */
  wakeMetering(delaySeconds: number): Promise<void>;
  /** Makes the ingest function take up landing objects whose event never came. */
  offerLandingObjects(
    objects: readonly { readonly key: string; readonly sizeBytes: number }[],
  ): Promise<void>;
  startUsageExport(jobId: string): Promise<void>;
}

/** Starts and looks at runs of a state machine. */
export interface Workflow {
  /** False when a run of that name exists already: the name is the lock. */
  start(name: string, input: unknown): Promise<{ readonly started: boolean; readonly arn: string }>;
  describe(arn: string): Promise<{
    readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
    readonly output: unknown;
    readonly error: string | null;
    readonly cause: string | null;
  } | null>;
  /** Names and states of the newest runs. */
  listRunning(): Promise<readonly { readonly name: string; readonly arn: string }[]>;
}
