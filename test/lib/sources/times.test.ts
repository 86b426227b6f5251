import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR_US, parseInstant, SECOND_US } from '../../../lib/period/instant.ts';
import { delayAfter, retryAfterSeconds, retryRunAt } from '../../../lib/sources/back-off.ts';
import { nextDueAt } from '../../../lib/sources/due.ts';
import { windowsOf } from '../../../lib/sources/windows.ts';

const NOW = parseInstant('2026-11-21T12:30:00Z') ?? 0;

const plan = fc.record({
  pulledUntil: fc.option(fc.integer({ min: 0, max: 2_000 }).map((hours) => NOW - hours * HOUR_US)),
  now: fc.integer({ min: 0, max: 7_200 }).map((seconds) => NOW + seconds * SECOND_US),
  stepSeconds: fc.constantFrom(3_600, 86_400),
  windowSeconds: fc.constantFrom(86_400, 172_800),
  overlapMinutes: fc.integer({ min: 0, max: 3_000 }),
  historyDays: fc.integer({ min: 0, max: 40 }),
  settleSeconds: fc.constantFrom(0, 300, 600),
});

describe('windows', () => {
  it('follow each other without gap from before what is missing to the last step that has settled', () => {
    fc.assert(
      fc.property(plan, (given) => {
        const windows = windowsOf(given);
        const step = given.stepSeconds * SECOND_US;
        const settled = given.now - given.settleSeconds * SECOND_US;
        const end = Math.floor(settled / step) * step;
        for (const [index, { from, to }] of windows.entries()) {
          expect(from % (given.windowSeconds * SECOND_US)).toBe(0);
          expect(to).toBeGreaterThan(from);
          expect(to - from).toBeLessThanOrEqual(given.windowSeconds * SECOND_US);
          expect(windows[index + 1]?.from ?? to).toBe(to);
        }
        if (windows.length > 0) expect(windows.at(-1)?.to).toBe(end);
        const missingFrom =
          given.pulledUntil === null
            ? null
            : given.pulledUntil - given.overlapMinutes * 60 * SECOND_US;
        if (missingFrom !== null && missingFrom < end) {
          expect(windows[0]?.from ?? Infinity).toBeLessThanOrEqual(missingFrom);
        }
      }),
    );
  });

  it('cut time alike whenever they are asked for', () => {
    fc.assert(
      fc.property(plan, fc.integer({ min: 0, max: 200 }), (given, hours) => {
        const later = windowsOf({
          ...given,
          pulledUntil: null,
          historyDays: 90,
          now: given.now + hours * HOUR_US,
        });
        const starts = new Set(later.map(({ from }) => from));
        const whole = windowsOf({
          ...given,
          historyDays: Math.min(given.historyDays, 40),
          pulledUntil: null,
        }).slice(0, -1);
        for (const { from, to } of whole) {
          expect(starts).toContain(from);
          expect(later.find((window) => window.from === from)?.to).toBe(to);
        }
      }),
    );
  });
});

describe('waits between attempts', () => {
  it('lie between half and all of what doubles up to 30 s, and after what was asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.option(fc.integer({ min: 0, max: 500 })),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, asked, random) => {
          const delay = delayAfter(attempt, asked, () => random) - (asked ?? 0);
          const longest = Math.min(30, 2 ** (attempt - 1));
          expect(delay).toBeGreaterThanOrEqual(longest / 2 - 1e-9);
          expect(delay).toBeLessThanOrEqual(longest + 1e-9);
        },
      ),
    );
  });

  it.each([
    { header: '120', seconds: 120 },
    { header: 'Sat, 21 Nov 2026 12:31:00 GMT', seconds: 60 },
    { header: 'Sat, 21 Nov 2026 12:29:00 GMT', seconds: 0 },
    { header: 'soon', seconds: null },
    { header: undefined, seconds: null },
  ])('read Retry-After: $header', ({ header, seconds }) => {
    expect(retryAfterSeconds(header, new Date('2026-11-21T12:30:00Z'))).toBe(seconds);
  });

  it.each([
    { failures: 1, minutes: 5 },
    { failures: 2, minutes: 10 },
    { failures: 4, minutes: 40 },
    { failures: 5, minutes: 60 },
    { failures: 50, minutes: 60 },
  ])('after $failures failed runs are $minutes minutes', ({ failures, minutes }) => {
    const at = retryRunAt(new Date(0), failures);
    expect(at.getTime()).toBe(minutes * 60_000);
  });
});

describe('the next run', () => {
  const at = (text: string): Date => new Date(`2026-11-21T${text}Z`);

  it.each([
    {
      name: 'keeps its minute though it ran late',
      schedule: 'rate(1 hour)',
      due: '10:05:00',
      now: '10:09:30',
      next: '11:05:00',
    },
    {
      name: 'is one, after an outage of many',
      schedule: 'rate(1 hour)',
      due: '02:05:00',
      now: '10:09:30',
      next: '11:09:30',
    },
    {
      name: 'is by the clock',
      schedule: 'cron(15 * * * ? *)',
      due: '10:15:00',
      now: '10:20:00',
      next: '11:15:00',
    },
    {
      name: 'is the first by the clock after an outage',
      schedule: 'cron(15 * * * ? *)',
      due: '02:15:00',
      now: '10:20:00',
      next: '11:15:00',
    },
  ])('$name', ({ schedule, due, now, next }) => {
    expect(nextDueAt(schedule, at(due), at(now))).toEqual(at(next));
  });

  it('of a source that was never pulled is an interval after the first', () => {
    expect(nextDueAt('rate(1 day)', new Date(0), at('10:00:00'))).toEqual(
      new Date('2026-11-22T10:00:00Z'),
    );
  });

  it('is none when the schedule has ended', () => {
    expect(nextDueAt('cron(0 0 1 1 ? 2026)', at('10:00:00'), at('10:00:00'))).toBeNull();
  });
});
