/** How far the sweep over all landing objects has come. Times are RFC 3339. */
export interface SweepProgress {
  /** Key after which it goes on; empty at the start of a round. */
  readonly after: string;
  /** Not there before the round has begun. */
  readonly roundStartedAt?: string;
  /** Objects put before had their final state in a round before; null in the first round. */
  readonly checkFrom: string | null;
  /** When the oldest object was put that this round has found without a final state. */
  readonly oldestOpenAt: string | null;
}

/** Keeps how far the sweep is. */
export interface SweepProgressStore {
  /** Null before the first sweep. */
  get(): Promise<SweepProgress | null>;
  put(progress: SweepProgress): Promise<void>;
}
