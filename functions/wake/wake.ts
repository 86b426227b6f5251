import type { Messages, Workflow } from '../../lib/ports/messages.ts';
import type { Partitions } from '../../lib/ports/partitions.ts';

export interface WakeDeps {
  readonly partitions: Pick<Partitions, 'nextDueAt'>;
  readonly metering: Pick<Workflow, 'start' | 'listRunning'>;
  readonly messages: Pick<Messages, 'wakeMetering'>;
  readonly now: () => Date;
  /** How long after a wake-up that found work the next one follows. */
  readonly wakeupDelaySeconds: number;
}

/** Runs that start within the same such time share a name, so that only one of them starts. */
const NAME_SECONDS = 5;

/**
 * Starts metering when something is due. Messages, the schedule and repetitions all come here; the
 * event says nothing.
 *
 * While anything waits each wake-up sends the next one, so a chain ends only when nothing is left:
 * - due later: look again then, or after the delay (what is leased now may be due before its lease ends);
 * - due now and nothing runs: start a run, and look again after the delay, whether it took all;
 * - due now and a run goes on: it may have made its last plan already, so look again after the delay.
 *
 * So nothing that is due waits longer than the delay, and one run goes on at a time. The next wake-up
 * is sent before the run starts: a crash between the two costs one needless look. A queue hands over
 * messages in batches and each batch sends one, so chains that many ingests began become one.
 */
export function wakeHandler({ partitions, metering, messages, ...deps }: WakeDeps) {
  return async (): Promise<void> => {
    const dueAt = await partitions.nextDueAt();
    if (dueAt === null) return;
    const now = deps.now();
    const secondsUntilDue = Math.ceil((dueAt.getTime() - now.getTime()) / 1_000);
    const delaySeconds = Math.max(deps.wakeupDelaySeconds, 1);
    await messages.wakeMetering(
      secondsUntilDue > 0 ? Math.min(secondsUntilDue, delaySeconds) : delaySeconds,
    );
    if (secondsUntilDue > 0) return;
    const running = await metering.listRunning();
    if (running.length === 0) await metering.start(runName(now), {});
  };
}

/**
 * Unique as long as runs are remembered. Two wake-ups at one moment see no run each (what runs is
 * known with a delay) and choose the same name: the second does not start.
 */
function runName(now: Date): string {
  const start = Math.floor(now.getTime() / 1_000 / NAME_SECONDS) * NAME_SECONDS;
  const at = new Date(start * 1_000).toISOString().slice(0, 19).replaceAll(':', '');
  return `metering-${at}Z`;
}
