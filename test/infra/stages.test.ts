import { describe, expect, it } from 'vitest';
import { functionCatalogue } from '../../infra/function-catalogue.ts';
import { DEFAULT_STAGE, STAGE_NAMES, stageConfig } from '../../infra/stages.ts';

describe('a stage', () => {
  it('is dev unless the command line names another', () => {
    expect(DEFAULT_STAGE).toBe('dev');
    expect(stageConfig(DEFAULT_STAGE).name).toBe('dev');
  });

  it.each(['production', '', 'toString', 'Local'])('named "%s" is refused', (name) => {
    expect(() => stageConfig(name)).toThrow(`unknown stage "${name}": use -c stage=local|dev|prod`);
  });

  it('is built for x86_64 unless the command line asks for arm64', () => {
    expect(STAGE_NAMES.map((name) => stageConfig(name).architecture)).toEqual([
      'x86_64',
      'x86_64',
      'x86_64',
    ]);
    expect(stageConfig('local', { architecture: 'arm64' }).architecture).toBe('arm64');
    expect(() => stageConfig('dev', { architecture: 'x64' })).toThrow(
      'unknown architecture "x64": use -c architecture=x86_64|arm64',
    );
  });

  it('sends alarms to an address only when it is one', () => {
    expect(stageConfig('prod').alarmEmail).toBeNull();
    expect(stageConfig('prod', { alarmEmail: 'ops@example.org' }).alarmEmail).toBe(
      'ops@example.org',
    );
    expect(() => stageConfig('prod', { alarmEmail: 'ops' })).toThrow(
      '"ops" is not an e-mail address',
    );
  });

  it('waits seconds on one machine and minutes when deployed', () => {
    const { wakeupDelaySeconds, neighbourDelaySeconds, batchingWindowSeconds, schedules } =
      stageConfig('local');
    expect({ wakeupDelaySeconds, neighbourDelaySeconds, batchingWindowSeconds }).toEqual({
      wakeupDelaySeconds: 5,
      neighbourDelaySeconds: 2,
      batchingWindowSeconds: 1,
    });
    expect(schedules.sweep).toBe('rate(1 minute)');
    expect(stageConfig('prod')).toMatchObject({
      wakeupDelaySeconds: 300,
      neighbourDelaySeconds: 600,
      batchingWindowSeconds: 30,
    });
  });
});

describe.each(STAGE_NAMES)('the functions of %s', (name) => {
  const catalogue = functionCatalogue(stageConfig(name));

  it('fit the limits of Lambda and of a new account', () => {
    for (const [fn, spec] of Object.entries(catalogue)) {
      expect(spec.timeoutSeconds, fn).toBeLessThanOrEqual(900);
      expect(spec.memoryMib, fn).toBeLessThanOrEqual(3008);
      expect(spec.diskMib, fn).toBeLessThanOrEqual(10_240);
    }
  });

  it('answer the HTTP API before it gives up', () => {
    for (const fn of ['samples', 'read', 'render', 'admin'] as const) {
      expect(catalogue[fn].timeoutSeconds).toBeLessThan(30);
    }
  });
});
