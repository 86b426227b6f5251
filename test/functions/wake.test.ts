import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wakeHandler } from '../../functions/wake/wake.ts';
import { memoryMessages } from '../../lib/adapters/memory/messages.ts';
import { memoryPartitions } from '../../lib/adapters/memory/partitions.ts';
import { memoryWorkflow } from '../../lib/adapters/memory/workflow.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import type { Lease, PartitionKey } from '../../lib/ports/partitions.ts';

const DELAY_SECONDS = 5;
const START = Date.parse('2026-11-21T10:00:00Z');
const KEY: PartitionKey = { region: parseRegion('west'), date: '2026-11-20', shard: 0 };

function setUp() {
  const clock = { ms: START };
  const partitions = memoryPartitions();
  const metering = memoryWorkflow();
  const messages = memoryMessages();
  const now = () => new Date(clock.ms);
  const wake = wakeHandler({
    partitions,
    metering,
    messages,
    now,
    wakeupDelaySeconds: DELAY_SECONDS,
  });
  const touch = (delaySeconds: number, key = KEY) =>
    partitions.touch(key, { now: now(), delaySeconds });
  return { clock, partitions, metering, messages, now, wake, touch };
}

describe('a wake-up', () => {
  it('does nothing when nothing waits, and the chain ends', async () => {
    const { metering, messages, wake } = setUp();

    await wake();

    expect(metering.runs).toEqual([]);
    expect(messages.wakeUps).toEqual([]);
  });

  it('starts a run when something is due, and looks again after the delay', async () => {
    const { metering, messages, wake, touch } = setUp();
    await touch(0);

    await wake();

    expect(metering.runs.map(({ name }) => name)).toEqual(['metering-2026-11-21T100000Z']);
    expect(messages.wakeUps).toEqual([{ delaySeconds: 5 }]);
  });

  it('waits for what is due later, but never longer than the delay', async () => {
    const { metering, messages, wake, touch } = setUp();
    await touch(3);
    await wake();
    await touch(600, { ...KEY, shard: 1 });
    await touch(600);

    await wake();

    expect(metering.runs).toEqual([]);
    expect(messages.wakeUps).toEqual([{ delaySeconds: 3 }, { delaySeconds: 5 }]);
  });

  it('starts no second run while one goes on, and looks again after the delay', async () => {
    const { clock, metering, messages, wake, touch } = setUp();
    await touch(0);
    await wake();
    clock.ms += 5_000;

    await wake();

    expect(metering.runs).toHaveLength(1);
    expect(messages.wakeUps).toHaveLength(2);
  });

  it('starts one run when two wake-ups see at once that none goes on', async () => {
    const { metering, touch, partitions, messages, now } = setUp();
    await touch(0);
    const blind = { start: metering.start, listRunning: async () => [] };
    const wake = wakeHandler({
      partitions,
      metering: blind,
      messages,
      now,
      wakeupDelaySeconds: DELAY_SECONDS,
    });

    await Promise.all([wake(), wake()]);

    expect(metering.runs).toHaveLength(1);
  });
});

/** The queue, the state machine and its functions, second by second. */
class Simulation {
  readonly #world = setUp();
  readonly #inFlight: number[] = [];
  #run: { name: string; planned: boolean; endsAt: number; leases: PartitionKey[] } | null = null;
  readonly #waitingSince = new Map<number, number>();
  longestWaitSeconds = 0;
  mostRunsAtOnce = 0;
  mostMessages = 0;

  async second(
    touches: readonly { readonly shard: number; readonly delay: number }[],
    runSeconds: number,
  ) {
    const { clock, partitions, metering, messages, now, wake, touch } = this.#world;
    clock.ms += 1_000;
    for (const { shard, delay } of touches) {
      await touch(delay, { ...KEY, shard });
      this.#inFlight.push(clock.ms + DELAY_SECONDS * 1_000);
    }
    await this.#advanceRun(runSeconds);
    const arrived = this.#inFlight.filter((at) => at <= clock.ms).length;
    if (arrived > 0) {
      const rest = this.#inFlight.filter((at) => at > clock.ms);
      const sent = messages.wakeUps.length;
      await wake();
      const next = messages.wakeUps.slice(sent).map((m) => clock.ms + m.delaySeconds * 1_000);
      this.#inFlight.splice(0, this.#inFlight.length, ...rest, ...next);
    }
    const running = await metering.listRunning();
    this.mostRunsAtOnce = Math.max(this.mostRunsAtOnce, running.length);
    this.mostMessages = Math.max(this.mostMessages, this.#inFlight.length);
    const [started] = running;
    if (started && this.#run === null) {
      this.#run = { name: started.name, planned: false, endsAt: clock.ms + 1_000, leases: [] };
    }
    const due = await partitions.listDue({ now: now(), limit: 100 });
    this.#measureWaits(due.map(({ shard }) => shard));
  }

  /** A run plans in its first second, meters what it planned for some seconds, and ends. */
  async #advanceRun(runSeconds: number) {
    const { clock, partitions, metering, now } = this.#world;
    const run = this.#run;
    if (run === null || clock.ms < run.endsAt) return;
    if (!run.planned) {
      run.leases = [...(await partitions.listDue({ now: now(), limit: 200 }))];
      run.planned = true;
      run.endsAt = clock.ms + runSeconds * 1_000;
      for (const key of run.leases) await this.#lease(key);
      return;
    }
    for (const lease of this.#leases) await partitions.complete(lease);
    this.#leases.length = 0;
    metering.finish(run.name, {});
    this.#run = null;
  }

  readonly #leases: Lease[] = [];

  async #lease(key: PartitionKey) {
    const lease = await this.#world.partitions.lease(key, { now: this.#world.now(), seconds: 130 });
    if (lease) this.#leases.push(lease);
  }

  #measureWaits(due: readonly number[]) {
    const { clock } = this.#world;
    for (const shard of this.#waitingSince.keys()) {
      if (!due.includes(shard)) this.#waitingSince.delete(shard);
    }
    for (const shard of due) {
      const since = this.#waitingSince.get(shard) ?? clock.ms;
      this.#waitingSince.set(shard, since);
      if (this.#run === null) {
        this.longestWaitSeconds = Math.max(this.longestWaitSeconds, (clock.ms - since) / 1_000);
      } else {
        this.#waitingSince.set(shard, clock.ms);
      }
    }
  }

  async quiet(): Promise<boolean> {
    return (await this.#world.partitions.nextDueAt()) === null && this.#inFlight.length === 0;
  }
}

describe('wake-ups over time', () => {
  it('leave nothing waiting beyond the delay, never run two at once, and come to rest', async () => {
    const touch = fc.record({
      shard: fc.integer({ min: 0, max: 3 }),
      delay: fc.constantFrom(5, 2, 7, 30),
    });
    const second = fc.record({
      touches: fc.array(touch, { maxLength: 2 }),
      runSeconds: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(second, { minLength: 1, maxLength: 60 }), async (seconds) => {
        const simulation = new Simulation();
        for (const { touches, runSeconds } of seconds) await simulation.second(touches, runSeconds);
        for (let rest = 0; rest < 240; rest += 1) await simulation.second([], 3);

        expect(simulation.longestWaitSeconds).toBeLessThanOrEqual(DELAY_SECONDS + 1);
        expect(simulation.mostRunsAtOnce).toBeLessThanOrEqual(1);
        expect(await simulation.quiet()).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
