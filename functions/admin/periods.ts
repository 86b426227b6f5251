import { factOf } from '../../lib/audit/audit-entry.ts';
import { ProblemError } from '../../lib/errors.ts';
import { monthOf } from '../../lib/period/calendar.ts';
import { instantOfDate } from '../../lib/period/instant.ts';
import { closePeriod, issuePeriod } from '../http/contracts/periods.ts';
import { json, type Reply } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';
import { startNumbered } from './start-numbered.ts';

type PeriodPorts = Pick<AdminPorts, 'bills' | 'closing' | 'audit' | 'now'>;

export function periodRoutes(ports: PeriodPorts): Implementation[] {
  return [
    implement(closePeriod, async ({ params, body, actor, requestId }) =>
      start({ ...body, period: params.period, actor, requestId }),
    ),
    implement(issuePeriod, async ({ params, body, actor, requestId }) =>
      start({ ...body, period: params.period, actor, issue: true, requestId }),
    ),
  ];

  async function start(close: {
    readonly period: string;
    readonly actor: string;
    readonly issue: boolean;
    readonly requestId: string;
    readonly acceptGaps?: string | undefined;
  }): Promise<Reply> {
    const { period, actor, issue } = close;
    const at = ports.now();
    if (period > monthOf(instantOfDate(at))) {
      throw new ProblemError('refused', `${period} has not begun: there is nothing to close.`);
    }
    const record = await ports.bills.getPeriod(period);
    const name = await startNumbered(ports.closing, {
      prefix: `close-${period}-`,
      from: record?.revision ?? 0,
      input: close,
      what: `${period} is being closed`,
      location: (run) => `/v1/periods/${period}/runs/${run}`,
    });
    const action = issue ? 'period.issue' : 'period.close';
    await ports.audit.append(
      factOf({
        at: at.toISOString(),
        actor,
        action,
        subject: `${period} ${name}`,
      }),
    );
    const location = `/v1/periods/${period}/runs/${name}`;
    return json(202, { name, location }, { location });
  }
}
