import { putNames } from '../http/contracts/names.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';

export function nameRoutes(
  ports: Pick<AdminPorts, 'names' | 'configuration' | 'now'>,
): Implementation[] {
  return [
    implement(putNames, async ({ body, actor }) => {
      const at = ports.now().toISOString();
      const changes = body.names.map(({ domain = null, ...change }) => ({ ...change, domain }));
      await ports.names.put(changes, { actor, at });
      const kinds = [...new Set(changes.map(({ kind }) => kind))].toSorted().join(',');
      const subject = `${kinds}: ${changes.length}`;
      await ports.configuration.audit({ at, actor, action: 'names.put', subject, version: null });
      return json(200, { names: changes.length });
    }),
  ];
}
