import { dayOf } from '../../period/calendar.ts';
import { formatInstant, type InstantUs, SECOND_US } from '../../period/instant.ts';
import type { Window } from '../windows.ts';
import type { Pulled } from './kind.ts';

const MINUTE_US = 60 * SECOND_US;

/** A snapshot is of the minute in which it is asked for. */
export function snapshotWindow(now: InstantUs): Window {
  const from = Math.floor(now / MINUTE_US) * MINUTE_US;
  return { from, to: from };
}

/** Envelopes of a capacity snapshot (docs/architecture.md, shapes), one a line. */
export function snapshotOf(
  window: Window,
  parts: readonly {
    readonly head: Readonly<Record<string, string>>;
    /** JSON text. */
    readonly body: string;
  }[],
): Pulled {
  const observedAt = formatInstant(window.from);
  const lines = parts.map(
    ({ head, body }) => `${JSON.stringify({ ...head, observedAt }).slice(0, -1)},"body":${body}}`,
  );
  return { day: dayOf(window.from), lines };
}
