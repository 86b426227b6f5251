import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What the worker is told. */
export interface SampleOrder {
  readonly url: string;
  /** RFC 3339: the sample is as of this day. */
  readonly startedAt: string;
  readonly errIsTerminal: boolean;
}

/** What it tells: progress as it goes, and how it ended. */
export type SampleReport =
  | { readonly type: 'said'; readonly text: string }
  | { readonly type: 'loaded' }
  | { readonly type: 'failed'; readonly reason: string };

/**
 * Makes and loads the sample cloud in a thread of its own: making a million samples would keep the
 * servers of this process from answering for seconds at a time.
 *
 * @returns null when it was loaded, else why not
 */
export async function loadSampleApart(
  order: SampleOrder,
  options: { readonly say: (text: string) => void; readonly stop: AbortSignal },
): Promise<string | null> {
  const worker = new Worker(new URL('./sample-worker.ts', import.meta.url), { workerData: order });
  options.stop.addEventListener('abort', () => void worker.terminate());
  let ending = 'it ended without a word';
  let loaded = false;
  worker.on('message', (report: SampleReport) => {
    if (report.type === 'said') options.say(report.text);
    if (report.type === 'failed') ending = report.reason;
    if (report.type === 'loaded') loaded = true;
  });
  worker.on('error', (error: Error) => {
    ending = error.message;
  });
  await once(worker, 'exit');
  return loaded ? null : ending;
}
