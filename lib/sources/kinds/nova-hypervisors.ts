import * as z from 'zod';
import type { SourceOf } from '../source.ts';
import type { Window } from '../windows.ts';
import { answerOf } from './answer.ts';
import { allPages, nextMarker, type PullContext, type Pulled, type PullKind } from './kind.ts';
import { snapshotOf, snapshotWindow } from './snapshot.ts';

type Hypervisors = SourceOf<'nova-hypervisors'>;

const readPage = answerOf(
  z.object({
    hypervisors: z.array(z.record(z.string(), z.unknown())),
    hypervisors_links: z.array(z.unknown()).optional(),
  }),
  "Nova's answer to os-hypervisors/detail",
);

/** GET /os-hypervisors/detail (nova api-ref), all pages as one snapshot. */
export const novaHypervisors: PullKind<Hypervisors> = {
  isSnapshot: true,
  windows: (_source, { now }) => [snapshotWindow(now)],
  pull,
};

async function pull(
  source: Hypervisors,
  window: Window,
  { ask, warn }: PullContext,
): Promise<Pulled | null> {
  const pages = await allPages(
    (marker) =>
      ask(
        {
          service: 'compute',
          method: 'GET',
          path: '/os-hypervisors/detail',
          query: [
            ['limit', String(source.pageSize)],
            ...(marker === null ? [] : [['marker', marker] as const]),
          ],
          headers: { 'openstack-api-version': `compute ${source.microversion}` },
        },
        readPage,
      ),
    (page) => nextMarker(page.hypervisors_links),
  );
  // Without the links to next pages, which are here.
  const lists = pages.map((page) => page.hypervisors).filter((list) => list.length > 0);
  if (lists.length === 0) {
    warn('Nova lists no hypervisors: nothing was put, and the last snapshot stays.');
    return null;
  }
  return snapshotOf(
    window,
    lists.map((hypervisors) => ({
      head: { region: source.region, source: 'nova' },
      body: JSON.stringify({ hypervisors }),
    })),
  );
}
