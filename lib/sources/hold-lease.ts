import type { SourceState } from '../ports/sources.ts';
import type { PullPorts } from './pull-source.ts';

/** How long a source that a killed run left behind waits. */
const LEASE_SECONDS = 60;
const BEATS_A_LEASE = 3;

export interface HeldLease {
  /** @throws Error when another pulls the source by now */
  readonly save: (state: SourceState) => Promise<void>;
  readonly release: () => Promise<void>;
}

/** Takes the lease of a source and extends it until it is released; null while another has it. */
export async function holdLease(
  ports: Pick<PullPorts, 'states' | 'every' | 'now'>,
  id: string,
): Promise<HeldLease | null> {
  const { states } = ports;
  const lease = await states.lease(id, { now: ports.now(), seconds: LEASE_SECONDS });
  if (lease === null) return null;
  const stop = ports.every(LEASE_SECONDS / BEATS_A_LEASE, async () => {
    // A beat that fails does no harm: the next one, or the end of the lease, follows.
    await states.extend(lease, { now: ports.now(), seconds: LEASE_SECONDS }).catch(() => false);
  });
  return {
    async save(state) {
      if (await states.save(lease, state)) return;
      throw new Error(`the lease of the source ${id} was lost`);
    },
    async release() {
      stop();
      await states.release(lease);
    },
  };
}
