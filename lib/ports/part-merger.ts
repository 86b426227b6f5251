/** Parts of one day that are to be one. */
export interface MergeRequest {
  /** Local files: sample parts of one region and day, in any order. */
  readonly files: readonly string[];
  /** A local folder of its own, for spilling. */
  readonly scratchFolder: string;
  readonly outputFile: string;
}

/** The part that was made of them. */
export interface MergedFile {
  readonly rows: number;
  /** Of the file's bytes. */
  readonly sha256: string;
}

/** Makes one sample part of many. */
export interface PartMerger {
  /** All rows as they are, in the order of the lake: the same rows give the same bytes, however they were cut into parts. */
  merge(request: MergeRequest): Promise<MergedFile>;
}
