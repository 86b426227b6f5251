/** Does `work` every so many seconds until the returned function is called. */
export type Repeater = (everySeconds: number, work: () => Promise<void>) => () => void;
