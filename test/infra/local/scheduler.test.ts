import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scheduler } from '../../../infra/local/schedule/scheduler.ts';

let directory: string;
let fired: { target: string; at: string; payload: unknown }[];
let scheduler: Scheduler | null = null;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'headroom-schedules-'));
  fired = [];
  vi.useFakeTimers({ now: new Date('2026-11-21T10:00:00Z') });
});

afterEach(() => {
  scheduler?.stop();
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

function start(expression: string, input: string | null = '{"mode":"wake"}'): void {
  scheduler = new Scheduler({
    schedules: [
      {
        logicalId: 'Rule',
        name: 'rule',
        arn: 'arn:aws:events:eu-central-1:000000000000:rule/rule',
        expression,
        timeZone: 'UTC',
        targets: [{ kind: 'function', target: 'wake', input }],
      },
    ],
    region: 'eu-central-1',
    file: join(directory, 'schedules.json'),
    fire: async ({ target }, payload) => {
      const at = new Date().toISOString();
      fired.push({ target, at, payload: JSON.parse(payload) });
    },
    onError: (error) => {
      throw error;
    },
  });
}

const times = () => fired.map(({ at }) => at.slice(11, 19));

describe('the scheduler', () => {
  it('fires at each interval, with the input that the rule gives', () => {
    start('rate(15 minutes)');
    vi.advanceTimersByTime(45 * 60_000);
    expect(times()).toEqual(['10:15:00', '10:30:00', '10:45:00']);
    expect(fired[0]).toMatchObject({ target: 'wake', payload: { mode: 'wake' } });
  });

  it('gives EventBridge’s own event where the rule has no input', () => {
    start('cron(30 10 * * ? *)', null);
    vi.advanceTimersByTime(30 * 60_000);
    expect(fired[0]?.payload).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      time: '2026-11-21T10:30:00Z',
      resources: ['arn:aws:events:eu-central-1:000000000000:rule/rule'],
      detail: {},
    });
  });

  it('goes on where it stopped, and makes up once for what a pause skipped', () => {
    start('cron(0 2 * * ? *)');
    scheduler?.stop();
    vi.setSystemTime(new Date('2026-11-22T01:00:00Z'));
    start('cron(0 2 * * ? *)');
    vi.advanceTimersByTime(2 * 3_600_000);
    expect(times()).toEqual(['02:00:00']);
    scheduler?.stop();
    vi.setSystemTime(new Date('2026-11-26T12:00:00Z'));
    start('cron(0 2 * * ? *)');
    vi.advanceTimersByTime(3_600_000);
    expect(times()).toEqual(['02:00:00', '12:00:00']);
  });

  it('waits for what lies beyond the longest timer of Node', () => {
    start('cron(0 0 1 3 ? *)');
    vi.advanceTimersByTime(99 * 86_400_000);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(86_400_000);
    expect(fired.map(({ at }) => at)).toEqual(['2027-03-01T00:00:00.000Z']);
  });

  it('writes down when it fired before it fires', () => {
    const file = join(directory, 'schedules.json');
    writeFileSync(file, '{"rule":"2026-11-21T09:59:30.000Z"}');
    start('rate(1 minute)');
    vi.advanceTimersByTime(30_000);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ rule: '2026-11-21T10:00:30.000Z' });
  });
});
