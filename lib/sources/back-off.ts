import { SourceFault } from './source-fault.ts';

/** Attempts at one request, the first included. */
const ATTEMPTS_MAX = 6;
const FIRST_DELAY_SECONDS = 1;
const DELAY_SECONDS_MAX = 30;
/** What is asked to wait longer than this is left to the next run. */
const RETRY_AFTER_SECONDS_MAX = 120;

export interface BackOffPorts {
  readonly now: () => Date;
  readonly sleep: (seconds: number) => Promise<void>;
  /** From 0 up to and not including 1. */
  readonly random: () => number;
}

/**
 * How long to wait before the attempt after `attempt` (from 1): between half and all of a time that
 * doubles, so that many who were refused at once do not come back at once. At least what the other
 * side asked for.
 */
export function delayAfter(
  attempt: number,
  retryAfterSeconds: number | null,
  random: () => number,
): number {
  const longest = Math.min(FIRST_DELAY_SECONDS * 2 ** (attempt - 1), DELAY_SECONDS_MAX);
  return (retryAfterSeconds ?? 0) + longest * (0.5 + random() / 2);
}

/**
 * Does `once` until it succeeds, fails for good, has failed six times, or there is no time left.
 * @throws SourceFault
 */
export async function withBackOff<T>(
  ports: BackOffPorts,
  deadlineMs: number,
  once: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once();
    } catch (error) {
      if (!(error instanceof SourceFault) || error.kind !== 'passing') throw error;
      const delay = delayAfter(attempt, error.retryAfterSeconds, ports.random);
      const timeLeft = (deadlineMs - ports.now().getTime()) / 1_000;
      const why = reasonToGiveUp(error, { attempt, isTooLate: delay >= timeLeft });
      if (why !== null) throw gaveUp(error, why);
      await ports.sleep(delay);
    }
  }
}

function reasonToGiveUp(
  { retryAfterSeconds }: SourceFault,
  { attempt, isTooLate }: { readonly attempt: number; readonly isTooLate: boolean },
): string | null {
  if (attempt === ATTEMPTS_MAX) return `It was asked ${attempt} times.`;
  if ((retryAfterSeconds ?? 0) > RETRY_AFTER_SECONDS_MAX) {
    return `It asks to wait for ${retryAfterSeconds} s, which is left to the next run.`;
  }
  return isTooLate ? 'There is no time left to ask again in this run.' : null;
}

function gaveUp(fault: SourceFault, why: string): SourceFault {
  return new SourceFault('passing', `${fault.message} ${why}`, fault);
}

/** The header `Retry-After`: seconds or an HTTP date. Null when it says nothing. */
export function retryAfterSeconds(header: string | undefined, now: Date): number | null {
  if (header === undefined) return null;
  if (/^\d+$/.test(header.trim())) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now.getTime()) / 1_000));
}

const FIRST_RETRY_MINUTES = 5;
const RETRY_MINUTES_MAX = 60;

/** When a source that has failed `failures` times is tried again, unless its schedule has it sooner. */
export function retryRunAt(now: Date, failures: number): Date {
  const minutes = Math.min(FIRST_RETRY_MINUTES * 2 ** (failures - 1), RETRY_MINUTES_MAX);
  return new Date(now.getTime() + minutes * 60_000);
}
