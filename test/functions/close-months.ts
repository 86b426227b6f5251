import { closeHandler } from '../../functions/close/close.ts';
import { rateHandler } from '../../functions/rate/rate.ts';
import type { ClosePorts, EstimatePorts } from '../../lib/closing/closing-ports.ts';
import type { Month } from '../../lib/period/calendar.ts';

interface Closing {
  readonly issue: boolean;
  readonly actor?: string;
  readonly acceptGaps?: string;
}

/** The state machine of a close, as far as it goes, of any month. */
export function monthCloser(ports: ClosePorts & EstimatePorts) {
  const [close, rate] = [
    closeHandler({ ...ports, log: () => undefined }),
    rateHandler({ ...ports, log: () => undefined }),
  ];
  let runs = 0;
  return async (period: Month, { issue, actor = 'ann', acceptGaps }: Closing) => {
    runs += 1;
    const of = { run: `close-${period}-${runs}`, period, actor };
    try {
      const input = acceptGaps === undefined ? {} : { acceptGaps };
      const checked = await close({ step: 'check', ...of, issue, input });
      const { revision, issued } = checked as { revision: number; issued: boolean };
      if (issued) return checked;
      const rated = await rate({ mode: 'close', ...of, revision });
      return issue ? await close({ step: 'issue', ...of, revision }) : rated;
    } catch (error) {
      const cause = JSON.stringify({ errorMessage: (error as Error).message });
      await close({ step: 'failed', ...of, error: 'ProblemError', cause });
      throw error;
    }
  };
}
