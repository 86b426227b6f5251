import * as z from 'zod';
import { compareText } from '../../identifiers.ts';
import type { SourceOf } from '../source.ts';
import { SourceFault } from '../source-fault.ts';
import type { Window } from '../windows.ts';
import { type Answer, answerOf } from './answer.ts';
import { onOneLine, type PullContext, type Pulled, type PullKind } from './kind.ts';
import { snapshotOf, snapshotWindow } from './snapshot.ts';

type Placement = SourceOf<'placement'>;

const AT_ONCE = 4;

const providersSchema = z.object({
  resource_providers: z.array(
    z.object({ uuid: z.string().min(1).max(64), name: z.string().min(1).max(255) }),
  ),
});
type Provider = z.infer<typeof providersSchema>['resource_providers'][number];

const inventoriesSchema = z.object({ inventories: z.record(z.string(), z.unknown()) });
const usagesSchema = z.object({ usages: z.record(z.string(), z.unknown()) });

/**
 * Inventories and usages of every resource provider that has vCPUs or memory (placement api-ref), as
 * one snapshot. Placement has no pages.
 */
export const placement: PullKind<Placement> = {
  isSnapshot: true,
  windows: (_source, { now }) => [snapshotWindow(now)],
  pull,
};

async function pull(
  source: Placement,
  window: Window,
  { ask, warn }: PullContext,
): Promise<Pulled | null> {
  const get: Get = (path, read) =>
    ask(
      {
        service: 'placement',
        method: 'GET',
        path,
        headers: { 'openstack-api-version': `placement ${source.microversion}` },
      },
      read,
    );
  const list = answerOf(providersSchema, "Placement's list of resource providers");
  const { value: providers } = await get('/resource_providers', list);
  const hosts = providers.resource_providers.toSorted((a, b) => compareText(a.name, b.name));
  const parts: Part[] = [];
  for (let start = 0; start < hosts.length; start += AT_ONCE) {
    const some = hosts.slice(start, start + AT_ONCE);
    parts.push(...(await Promise.all(some.map((host) => partsOf(source, host, get)))).flat());
  }
  if (parts.length > 0) return snapshotOf(window, parts);
  warn('No resource provider has vCPUs or memory: nothing was put, and the last snapshot stays.');
  return null;
}

type Get = <T>(path: string, read: (text: string) => Answer<T>) => Promise<Answer<T>>;

interface Part {
  readonly head: Readonly<Record<string, string>>;
  readonly body: string;
}

async function partsOf({ region }: Placement, { uuid, name }: Provider, get: Get): Promise<Part[]> {
  const path = `/resource_providers/${encodeURIComponent(uuid)}`;
  const readInventories = answerOf(inventoriesSchema, `Placement's inventories of "${name}"`);
  const inventories = await get(`${path}/inventories`, readInventories).catch(nullWhenGone);
  // Pools of disks and of addresses are providers, too.
  if (inventories === null || !isHost(inventories.value.inventories)) return [];
  const readUsages = answerOf(usagesSchema, `Placement's usages of "${name}"`);
  const usages = await get(`${path}/usages`, readUsages).catch(nullWhenGone);
  if (usages === null) return [];
  const head = { region, source: 'placement', resourceProvider: name };
  return [inventories, usages].map(({ text }) => ({ head, body: onOneLine(text) }));
}

function isHost(inventories: Readonly<Record<string, unknown>>): boolean {
  return 'VCPU' in inventories || 'MEMORY_MB' in inventories;
}

/** A provider may be deleted after it was listed. */
function nullWhenGone(error: unknown): null {
  if (error instanceof SourceFault && error.status === 404) return null;
  throw error;
}
