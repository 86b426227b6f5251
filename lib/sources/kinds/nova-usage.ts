import * as z from 'zod';
import { dayOf } from '../../period/calendar.ts';
import { formatInstant, type InstantUs } from '../../period/instant.ts';
import type { SourceOf } from '../source.ts';
import { type Window, windowsOf } from '../windows.ts';
import { answerOf } from './answer.ts';
import { allPages, nextMarker, type PullContext, type Pulled, type PullKind } from './kind.ts';

type NovaUsage = SourceOf<'nova-usage'>;

const HOUR_SECONDS = 3_600;
/** An instance that starts at the end of an hour is in Nova's database some seconds later. */
const SETTLE_SECONDS = 300;

const readPage = answerOf(
  z.object({
    tenant_usages: z.array(z.record(z.string(), z.unknown())),
    tenant_usages_links: z.array(z.unknown()).optional(),
  }),
  "Nova's answer to os-simple-tenant-usage",
);

/**
 * GET /os-simple-tenant-usage (nova api-ref), hour by hour: a window is asked for in full or not at
 * all, so its readings start and end at the same times whenever it is asked.
 */
export const novaUsage: PullKind<NovaUsage> = {
  isSnapshot: false,
  windows: (source, at) =>
    windowsOf({
      ...at,
      stepSeconds: HOUR_SECONDS,
      windowSeconds: HOUR_SECONDS,
      overlapMinutes: source.overlapMinutes,
      historyDays: source.historyDays,
      settleSeconds: SETTLE_SECONDS,
    }),
  pull,
};

async function pull(
  source: NovaUsage,
  window: Window,
  { ask }: PullContext,
): Promise<Pulled | null> {
  const pages = await allPages(
    (marker) =>
      ask(
        {
          service: 'compute',
          method: 'GET',
          path: '/os-simple-tenant-usage',
          query: [
            ['detailed', '1'],
            ['start', naive(window.from)],
            ['end', naive(window.to)],
            ['limit', String(source.pageSize)],
            ...(marker === null ? [] : [['marker', marker] as const]),
          ],
          headers: { 'openstack-api-version': `compute ${source.microversion}` },
        },
        readPage,
      ),
    (page) => nextMarker(page.tenant_usages_links),
  );
  const usages = pages.map((page) => page.tenant_usages).filter(({ length }) => length > 0);
  if (usages.length === 0) return null;
  const lines = usages.map((tenant_usages) => JSON.stringify({ tenant_usages }, lasting));
  return { day: dayOf(window.from), lines };
}

/**
 * Leaves out what differs between two answers that tell the same: the seconds that an instance has
 * run when it is asked, and the sums over a page.
 */
function lasting(name: string, value: unknown): unknown {
  return name === 'uptime' || name.startsWith('total_') ? undefined : value;
}

/** Nova reads times without an offset, in UTC. */
function naive(instant: InstantUs): string {
  return formatInstant(instant).slice(0, -1);
}
