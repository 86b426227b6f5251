import { describe, expect, it } from 'vitest';
import { BUILT_IN_METERS } from '../../../lib/metering/meter-table.ts';
import { settingsFaults } from '../../../lib/metering/settings-faults.ts';

describe('what is wrong with settings', () => {
  it('is a measure that no gauge is of, under a state in which it is not billed', () => {
    const notBilled = { stopped: ['cores', 'egress'], 'in/out': ['core'] };

    const faults = settingsFaults(
      { metering: [{ from: '2026-10-01', notBilled }] },
      BUILT_IN_METERS,
    );

    expect(faults.map(({ pointer }) => pointer)).toEqual([
      '/metering/0/notBilled/stopped/1',
      '/metering/0/notBilled/in~1out/0',
    ]);
    expect(faults[0]?.message).toContain('cores, ram, instances, disk');
  });

  it('is nothing where every measure is held over time', () => {
    const notBilled = { stopped: ['cores', 'ram', 'instances'], paused: ['disk'] };

    expect(
      settingsFaults({ metering: [{ from: '2026-10-01', notBilled }] }, BUILT_IN_METERS),
    ).toEqual([]);
  });
});
