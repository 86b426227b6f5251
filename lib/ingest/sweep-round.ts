import type { ObjectStore } from '../ports/object-store.ts';
import type { SweepProgress, SweepProgressStore } from '../ports/sweep-progress.ts';
import type { Offers } from './sweep-offers.ts';

export interface RoundPorts {
  readonly landing: Pick<ObjectStore, 'list'>;
  readonly progress: SweepProgressStore;
  readonly now: () => Date;
  readonly graceSeconds: number;
  /** Of one sweep: bounds what a listing of a large bucket costs. */
  readonly listedMax: number;
}

/** Time that is kept for the last offers. */
const CLOSING_MS = 30_000;
/** Put times and clocks may differ by that. */
const MARGIN_MS = 3_600_000;

/**
 * Goes on with the round over all landing objects, in the order of their keys, and begins the next
 * one when it has come to the end. Only objects put since the round before began are asked for in
 * the ledger, and those since the oldest that it found open: all others are known to be final.
 */
export async function sweepRound(
  ports: RoundPorts,
  offers: Offers,
  deadlineMs: number,
): Promise<void> {
  const progress = await presentRound(ports);
  const checkFrom = progress.checkFrom === null ? null : new Date(progress.checkFrom);
  offers.oldestOpen = progress.oldestOpenAt === null ? null : new Date(progress.oldestOpenAt);
  let { after } = progress;
  let listed = 0;
  let isEnd = true;
  for await (const object of ports.landing.list('', after)) {
    if (listed === ports.listedMax || ports.now().getTime() + CLOSING_MS > deadlineMs) {
      isEnd = false;
      break;
    }
    listed += 1;
    after = object.key;
    if (checkFrom === null || object.putAt >= checkFrom) await offers.look(object);
  }
  await offers.flush();
  const oldestOpenAt = offers.oldestOpen?.toISOString() ?? null;
  const reached = { ...progress, oldestOpenAt };
  await ports.progress.put(isEnd ? nextRound(ports, reached) : { ...reached, after });
}

type BegunRound = SweepProgress & { readonly roundStartedAt: string };

/** The round that goes on, or that begins now. */
async function presentRound({ progress, now }: RoundPorts): Promise<BegunRound> {
  const present = (await progress.get()) ?? { after: '', checkFrom: null, oldestOpenAt: null };
  return { roundStartedAt: now().toISOString(), ...present };
}

/** It begins with the next sweep. */
function nextRound(
  { graceSeconds }: RoundPorts,
  { roundStartedAt, oldestOpenAt }: BegunRound,
): SweepProgress {
  const started = Date.parse(roundStartedAt) - graceSeconds * 1_000 - MARGIN_MS;
  const oldestOpen = oldestOpenAt === null ? started : Date.parse(oldestOpenAt);
  const checkFrom = new Date(Math.min(started, oldestOpen)).toISOString();
  return { after: '', checkFrom, oldestOpenAt: null };
}
