import { factOf } from '../../lib/audit/audit-entry.ts';
import { putNames } from '../http/contracts/names.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';

export function nameRoutes(ports: Pick<AdminPorts, 'names' | 'audit' | 'now'>): Implementation[] {
  return [
    implement(putNames, async ({ body, actor }) => {
      const at = ports.now().toISOString();
      const changes = body.names.map(({ domain = null, ...change }) => ({ ...change, domain }));
      const kinds = [...new Set(changes.map(({ kind }) => kind))].toSorted().join(',');
      const subject = `${kinds}: ${changes.length}`;
      await ports.audit.append(factOf({ at, actor, action: 'names.put', subject }));
      await ports.names.put(changes, { actor, at });
      return json(200, { names: changes.length });
    }),
  ];
}
