/** Room on the local disk for work that does not fit in memory. */
export interface Scratch {
  /** Gives `work` an empty folder of its own, and removes it with all that is in it whatever happens. */
  use<T>(work: (folder: string) => Promise<T>): Promise<T>;
}
