import { ProblemError } from '../errors.ts';
import { formatInstant, type InstantUs, instantOfDate } from '../period/instant.ts';
import type { ByteWork } from '../ports/byte-work.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Repeater } from '../ports/repeater.ts';
import type { SecretStore } from '../ports/secrets.ts';
import type { OpenSession, PullRequest, SourceState, SourceStates } from '../ports/sources.ts';
import { type BackOffPorts, withBackOff } from './back-off.ts';
import { dueAt } from './due.ts';
import { holdLease } from './hold-lease.ts';
import type { PullContext } from './kinds/kind.ts';
import { kindOf } from './kinds/registry.ts';
import { loginOf } from './login.ts';
import { putPulled } from './put-pulled.ts';
import { RunLog } from './run-log.ts';
import { endState, type Progress, pulledUntilOf, startingState } from './run-states.ts';
import type { Source } from './source.ts';
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
  /** Gets what somebody has to look at: an alarm is raised by it. */
  readonly logFailing: (failing: FailingSource) => void;
}

export interface FailingSource {
  readonly source: string;
  readonly failures: number;
  readonly reason: string | null;
}

/** So many failed runs in a row are no accident. */
const FAILURES_TOLD = 3;
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
    const pulled = await runWindows(ports, run);
    const ended = endState(run, pulled, ports.now());
    await held.save(ended);
    const { failures } = ended;
    if (failures >= FAILURES_TOLD) {
      ports.logFailing({ source: source.id, failures, reason: pulled.error });
    }
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

function isDue(source: Source, state: SourceState | null, now: Date): boolean {
  const due = dueAt(source, state);
  return due !== null && due <= now;
}

async function runWindows(ports: PullPorts, run: Run): Promise<Progress> {
  const came = { until: pulledUntilOf(run.state) };
  try {
    const outcome = await askWindows(ports, run, came);
    return { outcome, pulledUntil: came.until, error: null, retryAfterSeconds: null };
  } catch (error) {
    if (!(error instanceof SourceFault) || error.kind !== 'late') {
      return { outcome: 'failed', pulledUntil: came.until, ...reasonOf(ports, run, error) };
    }
    return { outcome: 'stopped', pulledUntil: came.until, error: null, retryAfterSeconds: null };
  }
}

/** @param came is moved with each window that is done */
async function askWindows(
  ports: PullPorts,
  run: Run,
  came: { until: InstantUs | null },
): Promise<'succeeded' | 'stopped'> {
  const { source, state, log } = run;
  const session = await sessionOf(ports, run);
  const kind = kindOf(source);
  const askUntilMs = run.deadlineMs - CLOSING_MS;
  const context: PullContext = {
    ask: (request, read) =>
      withBackOff(ports, askUntilMs, async () => read(await session.ask(request))),
    warn: (warning) => log.warn(warning),
  };
  try {
    const now = instantOfDate(ports.now());
    for (const window of kind.windows({ pulledUntil: came.until, now })) {
      if (ports.now().getTime() + WINDOW_MS > askUntilMs) return 'stopped';
      const pulled = await kind.pull(window, context);
      log.window();
      if (pulled !== null) log.object(await putPulled(ports, source, pulled));
      if (kind.isSnapshot) continue;
      came.until = Math.max(came.until ?? window.to, window.to);
      await run.save({ ...state, pulledUntil: formatInstant(came.until) });
    }
    return 'succeeded';
  } finally {
    log.requests(session.requests());
  }
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

function reasonOf(
  ports: PullPorts,
  { source }: Run,
  error: unknown,
): Pick<Progress, 'error' | 'retryAfterSeconds'> {
  if (error instanceof SourceFault) {
    return { error: error.message, retryAfterSeconds: error.retryAfterSeconds };
  }
  if (error instanceof ProblemError) return { error: error.message, retryAfterSeconds: null };
  const fault = error instanceof Error ? error : new Error(String(error));
  ports.logError(`The pull of ${source.id} failed`, { error: fault });
  return {
    error: 'Headroom itself failed; the log of the function pull has the error.',
    retryAfterSeconds: null,
  };
}
