import * as z from 'zod';
import type { SourceOf } from '../source.ts';
import type { Window } from '../windows.ts';
import { answerOf } from './answer.ts';
import { allPages, nextMarker, type PullContext, type Pulled, type PullKind } from './kind.ts';
import { snapshotOf, snapshotWindow } from './snapshot.ts';

type Catalogue = SourceOf<'nova-catalogue'>;

const readAggregates = answerOf(
  z.object({ aggregates: z.array(z.record(z.string(), z.unknown())) }),
  "Nova's answer to os-aggregates",
);
const readFlavors = answerOf(
  z.object({
    flavors: z.array(z.record(z.string(), z.unknown())),
    flavors_links: z.array(z.unknown()).optional(),
  }),
  "Nova's answer to flavors/detail",
);

/** GET /os-aggregates and all pages of GET /flavors/detail (nova api-ref), as one snapshot of each. */
export const novaCatalogue: PullKind<Catalogue> = {
  isSnapshot: true,
  windows: (_source, { now }) => [snapshotWindow(now)],
  pull,
};

async function pull(
  source: Catalogue,
  window: Window,
  { ask }: PullContext,
): Promise<Pulled | null> {
  const request = {
    service: 'compute',
    method: 'GET',
    headers: { 'openstack-api-version': `compute ${source.microversion}` },
  } as const;
  const { value } = await ask({ ...request, path: '/os-aggregates' }, readAggregates);
  const pages = await allPages(
    (marker) =>
      ask(
        {
          ...request,
          path: '/flavors/detail',
          query: [
            // Those that only some projects see too.
            ['is_public', 'None'],
            ['limit', String(source.pageSize)],
            ...(marker === null ? [] : [['marker', marker] as const]),
          ],
        },
        readFlavors,
      ),
    (page) => nextMarker(page.flavors_links),
  );
  const head = { region: source.region, source: 'nova' };
  const flavors = pages.flatMap((page) => page.flavors);
  return snapshotOf(window, [
    { head, body: JSON.stringify({ aggregates: value.aggregates }) },
    { head, body: JSON.stringify({ flavors }) },
  ]);
}
