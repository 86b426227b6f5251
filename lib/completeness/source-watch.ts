/** A source that has been silent for longer counts as gone. */
const SILENT_DAYS_MAX = 7;

interface Seen {
  /** Days running that it has delivered on. */
  readonly running: number;
  /** Days since then. */
  readonly silent: number;
}

/** Follows who delivers from day to day. */
export class SourceWatch {
  #seen = new Map<string, Seen>();

  /**
   * @param sources that delivered on the day after the one before
   * @param isOver whether the day has passed: until then a source may yet deliver
   * @returns those that delivered on two days running before and not since, sorted
   */
  silentOn(sources: readonly string[], isOver: boolean): string[] {
    const next = new Map<string, Seen>();
    for (const source of sources) {
      const before = this.#seen.get(source);
      next.set(source, { running: before?.silent === 0 ? before.running + 1 : 1, silent: 0 });
    }
    for (const [source, { running, silent }] of this.#seen) {
      if (next.has(source) || running < 2 || silent === SILENT_DAYS_MAX) continue;
      next.set(source, { running, silent: silent + 1 });
    }
    this.#seen = next;
    if (!isOver) return [];
    return [...next].flatMap(([source, { silent }]) => (silent > 0 ? [source] : [])).toSorted();
  }
}
