const MIB = 1_048_576;

/** A bound on everything, so that no object can exhaust the function that reads it. */
export interface IngestLimits {
  /** Of one row, in bytes of UTF-8. */
  readonly rowBytesMax: number;
  /** Of one enveloped answer (Gnocchi, Placement, Nova), which is one JSON object however long. */
  readonly envelopeBytesMax: number;
  /** Of one object after inflation, in bytes. */
  readonly inflatedBytesMax: number;
  /** Inflated to stored bytes; counts once `ratioFreeBytes` were inflated. */
  readonly inflationRatioMax: number;
  readonly ratioFreeBytes: number;
  /** Objects and arrays inside one another, in one row. */
  readonly nestingMax: number;
  /**
   * Rows that wait in memory until their object ends, where what one means depends on others: servers of a
   * scrape, hosts of a snapshot, rated rows.
   */
  readonly waitingRowsMax: number;
  /** Rows that are looked at to find out an object's format. */
  readonly detectionRowsMax: number;
}

/** What holds where a stage sets nothing else. */
export const DEFAULT_LIMITS: IngestLimits = {
  rowBytesMax: MIB,
  envelopeBytesMax: 64 * MIB,
  inflatedBytesMax: 32_768 * MIB,
  inflationRatioMax: 300,
  ratioFreeBytes: 32 * MIB,
  nestingMax: 64,
  waitingRowsMax: 200_000,
  detectionRowsMax: 1_000,
};
