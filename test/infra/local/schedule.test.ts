import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../../lib/schedule-expression.ts';

const at = (text: string) => new Date(`${text}Z`);

describe('schedule expressions', () => {
  it.each([
    { expression: 'rate(1 minute)', after: '2026-11-21T10:00:30', next: '2026-11-21T10:01:30' },
    { expression: 'rate(15 minutes)', after: '2026-11-21T10:00:00', next: '2026-11-21T10:15:00' },
    { expression: 'rate(1 day)', after: '2026-11-21T10:00:00', next: '2026-11-22T10:00:00' },
    { expression: 'cron(30 2 * * ? *)', after: '2026-11-21T02:30:00', next: '2026-11-22T02:30:00' },
    { expression: 'cron(30 2 * * ? *)', after: '2026-11-21T02:29:59', next: '2026-11-21T02:30:00' },
    { expression: 'cron(0 6 3 * ? *)', after: '2026-11-21T00:00:00', next: '2026-12-03T06:00:00' },
    {
      expression: 'cron(0 6 ? * MON-FRI *)',
      after: '2026-11-20T06:00:00',
      next: '2026-11-23T06:00:00',
    },
    { expression: 'cron(0 6 ? * 1 *)', after: '2026-11-21T00:00:00', next: '2026-11-22T06:00:00' },
    {
      expression: 'cron(0/20 * * * ? *)',
      after: '2026-11-21T10:41:00',
      next: '2026-11-21T11:00:00',
    },
    {
      expression: 'cron(5,35 8-9 * * ? *)',
      after: '2026-11-21T09:35:00',
      next: '2026-11-22T08:05:00',
    },
    {
      expression: 'cron(0 0 29 FEB ? *)',
      after: '2026-01-01T00:00:00',
      next: '2028-02-29T00:00:00',
    },
    { expression: 'cron(0 0 31 * ? *)', after: '2026-11-01T00:00:00', next: '2026-12-31T00:00:00' },
  ])('$expression after $after fires at $next', ({ expression, after, next }) => {
    expect(parseSchedule(expression, 'UTC').next(at(after))).toEqual(at(next));
  });

  it('never fires when its years are over', () => {
    const schedule = parseSchedule('cron(0 0 1 1 ? 2020)', 'UTC');
    expect(schedule.next(at('2026-01-01T00:00:00'))).toBeNull();
  });

  it.each([
    { expression: 'rate(0 minutes)', message: /at least 1/ },
    { expression: 'every day', message: /neither rate\(\.\.\) nor cron\(\.\.\)/ },
    { expression: 'cron(0 3 * * *)', message: /has 5 fields; EventBridge takes 6/ },
    { expression: 'cron(0 3 * * * *)', message: /one of day of month and day of week must be \?/ },
    { expression: 'cron(0 24 * * ? *)', message: /"24" in "24" is not a number from 0 to 23/ },
    { expression: 'cron(0/0 3 * * ? *)', message: /step "0"/ },
  ])('refuses $expression', ({ expression, message }) => {
    expect(() => parseSchedule(expression, 'UTC')).toThrow(message);
  });
});
