import type { ReserveScope } from './capacity-settings.ts';
import type { Host } from './hosts.ts';

/** Group of hosts that are in no availability zone, or in no aggregate. */
export const UNGROUPED = '';

/**
 * Hosts by what they fail together with. A host in several aggregates counts in the first by name,
 * so that each is in one group.
 */
export function groupsOf(
  hosts: readonly Host[],
  scope: ReserveScope,
): ReadonlyMap<string, readonly Host[]> {
  return Map.groupBy(hosts, (host) => {
    if (scope === 'region') return UNGROUPED;
    return (scope === 'zone' ? host.zone : host.aggregates?.[0]) ?? UNGROUPED;
  });
}
