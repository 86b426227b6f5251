import { factOf } from '../../lib/audit/audit-entry.ts';
import { startRebuild } from '../http/contracts/rebuilds.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';
import { startNumbered } from './start-numbered.ts';

export function rebuildRoutes(
  ports: Pick<AdminPorts, 'rebuilding' | 'audit' | 'now'>,
): Implementation[] {
  return [
    implement(startRebuild, async ({ body, actor, requestId }) => {
      const at = ports.now().toISOString();
      const second = at.slice(0, 19).replaceAll(/[-:]/g, '');
      const location = (name: string): string => `/v1/rebuilds/${name}`;
      const name = await startNumbered(ports.rebuilding, {
        prefix: `rebuild-${second}-`,
        from: 1,
        input: { region: body.region ?? null, dryRun: body.dryRun, actor, requestId },
        what: 'The table is being rebuilt',
        location,
      });
      await ports.audit.append(
        factOf({
          at,
          actor,
          action: body.dryRun ? 'rebuild.count' : 'rebuild.start',
          subject: name,
        }),
      );
      return json(202, { name, location: location(name) }, { location: location(name) });
    }),
  ];
}
