import { dryRunClose, verifyBills } from '../http/contracts/period-jobs.ts';
import { type Implementation, implement } from '../http/router.ts';
import { type JobPorts, startJob } from './start-job.ts';

/** Work on a month that changes nothing: its answer is a file that expires. */
export function periodJobRoutes(ports: JobPorts): Implementation[] {
  return [
    implement(verifyBills, ({ params: { period }, body: { team = null }, actor }) =>
      startJob(ports, { kind: 'bill-verification', request: { period, team }, actor }),
    ),
    implement(dryRunClose, ({ params: { period }, actor }) =>
      startJob(ports, { kind: 'close-dry-run', request: { period }, actor }),
    ),
  ];
}
