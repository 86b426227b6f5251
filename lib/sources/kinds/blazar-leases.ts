import * as z from 'zod';
import { compareText } from '../../identifiers.ts';
import type { SourceOf } from '../source.ts';
import type { Window } from '../windows.ts';
import { answerOf } from './answer.ts';
import type { PullContext, Pulled, PullKind } from './kind.ts';
import { snapshotOf, snapshotWindow } from './snapshot.ts';

type Leases = SourceOf<'blazar-leases'>;

const readLeases = answerOf(
  z.object({ leases: z.array(z.looseObject({ id: z.string().min(1) })) }),
  "Blazar's answer to GET /v1/leases",
);

/** Of whom Blazar acts for: none of it is needed. */
const NOT_PUT = new Set(['trust_id', 'user_id']);

/**
 * GET /v1/leases (blazar api-ref): all leases with their reservations and events, as one snapshot.
 * Blazar has no pages. A snapshot without a lease is put, too: it says that the last of them is gone.
 */
export const blazarLeases: PullKind<Leases> = {
  isSnapshot: true,
  windows: (_source, { now }) => [snapshotWindow(now)],
  pull,
};

async function pull({ region }: Leases, window: Window, { ask }: PullContext): Promise<Pulled> {
  // The endpoint of the catalogue has the version: http://blazar:1234/v1.
  const request = { service: 'reservation', method: 'GET', path: '/leases' } as const;
  const { value } = await ask(request, readLeases);
  const leases = value.leases.toSorted((a, b) => compareText(a.id, b.id)).map(withoutTrust);
  const head = { region, source: 'blazar' };
  return snapshotOf(window, [{ head, body: JSON.stringify({ leases }) }]);
}

function withoutTrust(lease: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(lease).filter(([name]) => !NOT_PUT.has(name)));
}
