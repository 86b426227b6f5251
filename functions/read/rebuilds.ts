import { getRebuild } from '../http/contracts/rebuilds.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';
import { runReply } from './runs.ts';

export function rebuildRoutes({ rebuildRuns }: Pick<ReadPorts, 'rebuildRuns'>): Implementation[] {
  return [implement(getRebuild, ({ params }) => runReply(rebuildRuns, params.name, 'rebuild-'))];
}
