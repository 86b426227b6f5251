import { ProblemError } from '../errors.ts';
import { formatInstant, type InstantUs, instantOfDate, parseInstant } from '../period/instant.ts';
import type { ByteWork } from '../ports/byte-work.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Repeater } from '../ports/repeater.ts';
import type { SecretStore } from '../ports/secrets.ts';
import type {
  OpenSession,
  PullRequest,
  SourceRun,
  SourceState,
  SourceStates,
} from '../ports/sources.ts';
import { type BackOffPorts, retryRunAt, withBackOff } from './back-off.ts';
import { dueAt, nextDueAt } from './due.ts';
import { holdLease } from './hold-lease.ts';
import type { PullContext } from './kinds/kind.ts';
import { kindOf } from './kinds/registry.ts';
import { loginOf } from './login.ts';
import { putPulled } from './put-pulled.ts';
import { RunLog } from './run-log.ts';
import { type Source, sourceFingerprint } from './source.ts';
import { SourceFault } from './source-fault.ts';

export interface PullPorts extends BackOffPorts {
  readonly states: SourceStates;
  readonly secrets: SecretStore;
  readonly openSession: OpenSession;
  readonly landing: Pick<ObjectStore, 'put' | 'get'>;
  readonly bytes: Pick<ByteWork, 'sha256'>;
  readonly gzip: (text: string) => Promise<Uint8Array>;
  readonly every: Repeater;
  /** Gets what is no fault of the source's. */
  readonly logError: (message: string, details: { readonly error: Error }) => void;
}

/** Time that is kept for writing down how a run went. */
const CLOSING_MS = 15_000;
/** Below this no further window is begun. */
const WINDOW_MS = 30_000;

/** `busy`: another pulls this source now. `done`: see the state. `not due`: another has pulled it since. */
export type PullOutcome = 'done' | 'busy' | 'not due';

/**
 * Pulls a source: asks for what is next, window by window, puts each answer into the landing bucket
 * and moves the high-water mark. Whatever fails is written down in its state. A crash anywhere costs
 * a repetition: the same answer has the same key.
 *
 * @param deadlineMs epoch milliseconds by which it has to have ended
 */
export async function pullSource(
  ports: PullPorts,
  { source, request, deadlineMs }: Pull,
): Promise<PullOutcome> {
  const held = await holdLease(ports, source.id);
  if (held === null) return 'busy';
  try {
    const stored = await ports.states.get(source.id);
    if (request.isScheduled && !isDue(source, stored, ports.now())) return 'not due';
    const state = startingState(source, stored);
    const log = new RunLog(request, ports.now());
    const run: Run = { source, state, log, deadlineMs, save: (next) => held.save(next) };
    const pulled = await runWindows(ports, run).catch((error: unknown) =>
      failed(ports, run, error),
    );
    await held.save(endState(ports, run, pulled));
    return 'done';
  } finally {
    await held.release();
  }
}

export interface Pull {
  readonly source: Source;
  readonly request: PullRequest;
  readonly deadlineMs: number;
}

interface Run {
  readonly source: Source;
  readonly state: SourceState;
  readonly log: RunLog;
  readonly deadlineMs: number;
  readonly save: (state: SourceState) => Promise<void>;
}

/** How far it came, and why no further. */
interface Progress {
  readonly pulledUntil: string | null;
  readonly outcome: SourceRun['outcome'];
  readonly error: string | null;
  readonly retryAfterSeconds: number | null;
}

function isDue(source: Source, state: SourceState | null, now: Date): boolean {
  const due = dueAt(source, state);
  return due !== null && due <= now;
}

function startingState(source: Source, stored: SourceState | null): SourceState {
  const fingerprint = sourceFingerprint(source);
  const fresh: SourceState = {
    id: source.id,
    fingerprint,
    pulledUntil: null,
    nextDueAt: null,
    lastSuccessAt: null,
    failures: 0,
    lastRun: null,
  };
  if (stored === null) return fresh;
  return stored.fingerprint === fingerprint
    ? stored
    : { ...fresh, nextDueAt: stored.nextDueAt, lastRun: stored.lastRun };
}

async function runWindows(ports: PullPorts, run: Run): Promise<Progress> {
  const { source, state, log } = run;
  const session = await sessionOf(ports, run);
  const kind = kindOf(source);
  const askUntilMs = run.deadlineMs - CLOSING_MS;
  const context: PullContext = {
    ask: (request, read) =>
      withBackOff(ports, askUntilMs, async () => read(await session.ask(request))),
    warn: (warning) => log.warn(warning),
  };
  let pulledUntil = instantOrNull(state.pulledUntil);
  const windows = kind.windows({ pulledUntil, now: instantOfDate(ports.now()) });
  try {
    for (const window of windows) {
      if (ports.now().getTime() + WINDOW_MS > askUntilMs) return stopped(pulledUntil);
      const pulled = await kind.pull(window, context);
      log.window();
      if (pulled !== null) log.object(await putPulled(ports, source, pulled));
      if (kind.isSnapshot) continue;
      pulledUntil = Math.max(pulledUntil ?? window.to, window.to);
      await run.save({ ...state, pulledUntil: formatInstant(pulledUntil) });
    }
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    if (error.kind === 'late') return stopped(pulledUntil);
    return {
      pulledUntil: formatOrNull(pulledUntil),
      outcome: 'failed',
      error: error.message,
      retryAfterSeconds: error.retryAfterSeconds,
    };
  } finally {
    log.requests(session.requests());
  }
  return {
    pulledUntil: formatOrNull(pulledUntil),
    outcome: 'succeeded',
    error: null,
    retryAfterSeconds: null,
  };
}

async function sessionOf(ports: PullPorts, { source, log, deadlineMs }: Run) {
  const { authUrl, secret: name } = source;
  const secret = await ports.secrets.get(name);
  if (secret === null) {
    throw new ProblemError(
      'not_found',
      `There is no secret "${name}". Store the credentials of a reader under that name (docs/sources.md).`,
    );
  }
  if (new URL(authUrl).protocol === 'http:') {
    log.warn(`${authUrl} is not https: the credentials go over the network in clear text.`);
  }
  return ports.openSession({
    authUrl,
    login: loginOf(secret, { name, authUrl }),
    interface: source.interface,
    openstackRegion: source.openstackRegion ?? null,
    caCertificate: source.caCertificate ?? null,
    deadlineMs: deadlineMs - CLOSING_MS,
  });
}

function failed(ports: PullPorts, { source, state }: Run, error: unknown): Progress {
  const isTold = error instanceof ProblemError || error instanceof SourceFault;
  if (!isTold) {
    const fault = error instanceof Error ? error : new Error(String(error));
    ports.logError(`The pull of ${source.id} failed`, { error: fault });
  }
  const { pulledUntil } = state;
  const message = isTold
    ? error.message
    : 'Headroom itself failed; the log of the function pull has the error.';
  return { pulledUntil, outcome: 'failed', error: message, retryAfterSeconds: null };
}

function endState(ports: PullPorts, { source, state, log }: Run, pulled: Progress): SourceState {
  const now = ports.now();
  const { outcome, error, pulledUntil } = pulled;
  const failures = outcome === 'failed' ? state.failures + 1 : 0;
  const due = dueAt(source, state) ?? now;
  return {
    ...state,
    pulledUntil,
    failures,
    nextDueAt: nextRunAt({ source, due, now, failures, pulled })?.toISOString() ?? null,
    lastSuccessAt: outcome === 'succeeded' ? now.toISOString() : state.lastSuccessAt,
    lastRun: log.end(now, { outcome, error }),
  };
}

function nextRunAt(end: {
  readonly source: Source;
  readonly due: Date;
  readonly now: Date;
  readonly failures: number;
  readonly pulled: Progress;
}): Date | null {
  const { source, due, now, failures, pulled } = end;
  if (pulled.outcome === 'stopped') return now;
  const byPlan = nextDueAt(source.schedule, due > now ? now : due, now);
  if (pulled.outcome === 'succeeded') return byPlan;
  const retry = retryRunAt(now, failures, pulled.retryAfterSeconds);
  return byPlan !== null && byPlan < retry ? byPlan : retry;
}

function stopped(pulledUntil: InstantUs | null): Progress {
  return {
    pulledUntil: formatOrNull(pulledUntil),
    outcome: 'stopped',
    error: null,
    retryAfterSeconds: null,
  };
}

function instantOrNull(text: string | null): InstantUs | null {
  return text === null ? null : parseInstant(text);
}

function formatOrNull(instant: InstantUs | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
