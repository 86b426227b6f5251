import { beforeEach, describe, expect, it } from 'vitest';
import { closeHandler } from '../../functions/close/close.ts';
import type { DayCompleteness } from '../../lib/ports/day-completeness.ts';
import { memoryApi } from './api.ts';
import { type ClosingCloud, closingCloud, PERIOD, usageRow, WEST } from './closing-cloud.ts';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const ZEROS = HOURS.map(() => '0');

/** A metered day of ten series, silent in the given hours. */
function told(silent: readonly number[], sources = ['openstack']): DayCompleteness {
  const coveredByHour = HOURS.map((hour) => (silent.includes(hour) ? 0 : 10));
  const readHours = 10 * (24 - silent.length);
  return {
    ...{ expected: 10, seen: 10, missing: 0, expectedByHour: HOURS.map(() => 10) },
    ...{ coveredByHour, readings: 12 * readHours, readHours, sources },
  };
}

let cloud: ClosingCloud;
beforeEach(async () => {
  cloud = await closingCloud();
});

async function day(date: string, completeness: DayCompleteness): Promise<void> {
  const key = { region: WEST, date, shard: 0 };
  await cloud.totals.replace(key, 1, [], {
    ...key,
    ...{ generation: 1, cores: ZEROS, ramGib: ZEROS, completeness },
  });
}

async function withGap(): Promise<void> {
  await day('2026-10-05', told([]));
  await day('2026-10-06', told([11, 12, 20]));
  await day('2026-10-07', told([]));
}

function check(run: string, acceptGaps?: string) {
  const input = acceptGaps === undefined ? {} : { acceptGaps };
  const of = { run, period: PERIOD, actor: 'ann', issue: false, input };
  return closeHandler({ ...cloud.ports, log: () => undefined })({ step: 'check', ...of });
}

describe('a close with gaps in the data', () => {
  it('is refused by the name of each, and told how to go on', async () => {
    await withGap();
    await expect(check('close-1')).rejects.toMatchObject({
      kind: 'refused',
      message:
        '2026-10 cannot be closed: region west: no readings in 2026-10-06 11:00-13:00 and 20:00-21:00 (UTC).' +
        ' Ingest what is missing, or close with a reason why it is not: headroom close --accept-gaps REASON, or acceptGaps in the body.',
    });
  });

  it('goes on where a person accepts them, and keeps who, why and what', async () => {
    await withGap();
    expect(await check('close-1', 'power failure in hall 2')).toMatchObject({ revision: 1 });
    expect(await cloud.ports.bills.getPeriod(PERIOD)).toMatchObject({
      acceptedGaps: {
        reason: 'power failure in hall 2',
        actor: 'ann',
        at: cloud.clock.now.toISOString(),
        gaps: ['region west: no readings in 2026-10-06 11:00-13:00 and 20:00-21:00 (UTC)'],
      },
    });
    await cloud.rate('close-1', 1);
    // The next close asks again, and without gaps nothing is accepted.
    await expect(check('close-2')).rejects.toMatchObject({ kind: 'refused' });
    await day('2026-10-06', told([]));
    await check('close-2', 'still');
    expect((await cloud.ports.bills.getPeriod(PERIOD))?.acceptedGaps).toBeNull();
  });

  it('is refused for a source that fell silent while another delivered', async () => {
    for (const [date, sources] of [
      ['2026-10-05', ['agent-1', 'agent-2']],
      ['2026-10-06', ['agent-1', 'agent-2']],
      ['2026-10-07', ['agent-1']],
      ['2026-10-08', ['agent-1']],
    ] as const) {
      await day(date, told([], [...sources]));
    }
    await expect(check('close-1')).rejects.toThrow(
      'region west: source "agent-2" delivered nothing on 2026-10-07, 2026-10-08',
    );
  });

  it('is not held up by days after the last data: they are shown, as before', async () => {
    await day('2026-10-05', told([]));
    await day('2026-10-06', told([20, 21, 22, 23]));
    expect(await check('close-1')).toMatchObject({ revision: 1 });
  });
});

describe('days of an issued month that are metered again', () => {
  it('are listed with the generation of the bills and that of now; bills stay as they are', async () => {
    await cloud.close('close-1', true);
    const issued = await cloud.ports.bills.listBills(PERIOD, 1);
    const api = memoryApi(() => cloud.clock.now);
    Object.assign(api.ports, cloud.ports);
    const lateDays = async () => {
      const { body } = await api.ask(`GET /v1/periods/${PERIOD}`);
      return (body as { lateDays: unknown }).lateDays;
    };
    expect(await lateDays()).toEqual([]);
    await cloud.meter('2026-10-06', [usageRow('p1', '2026-10-06T00:00:00Z', '999')]);
    await cloud.meter('2026-10-20', [usageRow('p1', '2026-10-20T00:00:00Z', '1')]);
    expect(await lateDays()).toEqual([
      { region: 'west', date: '2026-10-06', generation: { billed: 1, metered: 2 } },
      { region: 'west', date: '2026-10-20', generation: { billed: 0, metered: 1 } },
    ]);
    await cloud.estimate('2026-10-06');
    expect(await cloud.ports.bills.listBills(PERIOD, 1)).toEqual(issued);
    expect(await cloud.close('close-2', true)).toMatchObject({ revision: 1, issued: true });
  });
});
