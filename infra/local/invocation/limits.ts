/** Lambda's limit on the answer to a synchronous call, in bytes. */
export const SYNCHRONOUS_BYTES = 6 * 1024 * 1024;
/** Limit on the event of an asynchronous call and on the data between states, in bytes. */
export const ASYNCHRONOUS_BYTES = 256 * 1024;
