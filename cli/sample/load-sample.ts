import { monthOf } from '../../lib/period/calendar.ts';
import type { Io } from '../io.ts';
import { sampleCloud } from './build-cloud.ts';
import type { SampleFile } from './ceilometer.ts';
import type { SampleCloud } from './cloud.ts';
import { sampleCards, sampleSettings, sampleTeams } from './config.ts';
import { countSampleFiles, sampleFiles } from './files.ts';

/** The API of the running app, as any client sees it. */
export interface SampleTarget {
  /** A JSON call; fails with the problem's own words. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<unknown>;
  /** Puts bytes to a presigned address. */
  readonly upload: (url: string, body: Uint8Array) => Promise<void>;
}

const SEED = 7;
const UPLOADS_AT_ONCE = 3;
const POLL_MS = 1_000;

/**
 * Loads the sample cloud through the landing bucket like anyone's data, waits until it is metered,
 * closes last month and forecasts every region. Can be run again after an interruption: what has
 * arrived is left out.
 */
export async function loadSample(target: SampleTarget, io: Io): Promise<void> {
  const cloud = sampleCloud({ seed: SEED, now: io.now() });
  const lastMonth = monthOf(cloud.start);
  const progress = progressBar(io);
  await configure(target, cloud);
  await send(target, cloud, progress);
  await metered(target, { cloud, progress, io });
  progress(`Closing ${lastMonth}`, 0, 1);
  await finished(target, io, {
    start: `/v1/periods/${lastMonth}/close`,
    body: { issue: false },
    what: `closing ${lastMonth}`,
  });
  progress(`Closing ${lastMonth}`, 1, 1);
  progress('Forecasting', 0, 1);
  await finished(target, io, { start: '/v1/forecasts', body: {}, what: 'forecasting' });
  progress('Forecasting', 1, 1);
}

async function configure(target: SampleTarget, cloud: SampleCloud): Promise<void> {
  const lastMonth = monthOf(cloud.start);
  for (const { region } of cloud.regions) {
    await target.call('PUT', `/v1/regions/${region}/settings`, sampleSettings(region, lastMonth));
  }
  for (const card of sampleCards(lastMonth) as { id: string }[]) {
    await target.call('PUT', `/v1/rate-cards/${card.id}`, card);
  }
  await target.call('PUT', '/v1/teams', sampleTeams(lastMonth));
}

type Progress = (what: string, done: number, of: number) => void;

async function send(target: SampleTarget, cloud: SampleCloud, progress: Progress): Promise<void> {
  const present = await arrived(target, cloud);
  const files = sampleFiles(cloud);
  const total = countSampleFiles(cloud);
  let sent = 0;
  const worker = async (): Promise<void> => {
    for (const file of files) {
      if (!present.has(file.name)) await uploadFile(target, file);
      sent += 1;
      progress('Loading', sent, total);
    }
  };
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, worker));
}

async function uploadFile(target: SampleTarget, file: SampleFile): Promise<void> {
  const upload = (await target.call('POST', '/v1/uploads', {
    region: file.region,
    fileName: file.name,
  })) as { url: string };
  await target.upload(upload.url, file.body);
}

interface IngestView {
  readonly key: string;
  readonly state: string;
}

async function ingests(target: SampleTarget, region: string): Promise<IngestView[]> {
  const found: IngestView[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = (await target.call('GET', `/v1/ingests?region=${region}&limit=200${query}`)) as {
      items: IngestView[];
      nextCursor: string | null;
    };
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

async function arrived(target: SampleTarget, cloud: SampleCloud): Promise<Set<string>> {
  const names = new Set<string>();
  for (const { region } of cloud.regions) {
    for (const ingest of await ingests(target, region)) {
      names.add(ingest.key.slice(ingest.key.lastIndexOf('/') + 1));
    }
  }
  return names;
}

async function metered(
  target: SampleTarget,
  context: { readonly cloud: SampleCloud; readonly progress: Progress; readonly io: Io },
): Promise<void> {
  const { cloud, progress, io } = context;
  const total = countSampleFiles(cloud);
  for (;;) {
    let done = 0;
    for (const { region } of cloud.regions) {
      const states = await ingests(target, region);
      done += states.filter(({ state }) => state === 'metered' || state === 'refused').length;
    }
    progress('Metering', Math.min(done, total), total);
    if (done >= total) return;
    await io.sleep(POLL_MS);
  }
}

/** Starts long work and waits for its end. */
async function finished(
  target: SampleTarget,
  io: Io,
  work: { readonly start: string; readonly body: unknown; readonly what: string },
): Promise<void> {
  const { location } = (await target.call('POST', work.start, work.body)) as { location: string };
  for (;;) {
    const run = (await target.call('GET', location)) as { status: string; detail?: string };
    if (run.status === 'SUCCEEDED') return;
    if (run.status !== 'RUNNING') {
      throw new Error(`${work.what} ended with ${run.status}: ${run.detail ?? 'see the logs'}`);
    }
    await io.sleep(POLL_MS / 4);
  }
}

/** A bar that moves on a terminal; a line at the end of each step elsewhere. */
function progressBar(io: Io): Progress {
  const width = 28;
  return (what, done, of) => {
    const full = Math.floor((width * done) / Math.max(1, of));
    const bar = `${'#'.repeat(full)}${'.'.repeat(width - full)}`;
    const line = `${what.padEnd(18)} [${bar}] ${done}/${of}`;
    if (io.errIsTerminal) io.err(`\r${line}${done >= of ? '\n' : ''}`);
    else if (done >= of) io.err(`${what} ${done}/${of}\n`);
  };
}
