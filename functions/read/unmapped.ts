import { projectNames, withProjectName } from '../../lib/names/project-names.ts';
import { unmappedProjects } from '../../lib/teams/unmapped-projects.ts';
import { listUnmapped } from '../http/contracts/unmapped.ts';
import { pageOf } from '../http/cursor.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import { bodyOf } from './bill-documents.ts';
import type { ReadPorts } from './ports.ts';
import { standingBills } from './standing-bills.ts';

export function unmappedRoutes(ports: Pick<ReadPorts, 'bills' | 'names'>): Implementation[] {
  return [
    implement(listUnmapped, async ({ query: { period, limit, cursor } }) => {
      const { bills, currency, unrated } = await standingBills(ports.bills, period);
      const lines = bills.flatMap((bill) =>
        bodyOf(bill).lines.map((line) => ({ team: bill.team, ...line })),
      );
      const projects = unmappedProjects(lines, unrated);
      const list = `unmapped ${period}`;
      const page = pageOf(projects, ({ project }) => project, { list, limit, cursor });
      const names = await projectNames(ports.names, page.items);
      const items = page.items.map((one) => withProjectName({ ...one, currency }, names));
      return json(200, { ...page, items });
    }),
  ];
}
