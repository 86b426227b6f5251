import { describe, expect, it } from 'vitest';
import { calendarSchema } from '../../lib/planning/calendar-document.ts';
import { headroom } from './server.ts';

const args = ['calendar', '--country', 'de', '--from', '2026', '--to', '2027'];

describe('a calendar of public holidays', () => {
  it('is a document as the API takes it, with moving feasts', async () => {
    const { code, out } = await headroom(args);
    expect(code).toBe(0);
    const calendar = calendarSchema.parse(JSON.parse(out));
    expect(calendar.id).toBe('de');
    const days = calendar.days.map(({ date }) => date);
    // Easter Monday, Whit Monday and German Unity Day of two years; Epiphany is none in all of Germany.
    expect(days).toEqual(expect.arrayContaining(['2026-04-06', '2027-05-17', '2026-10-03']));
    expect(days).not.toContain('2026-01-06');
    expect(days).toEqual(days.toSorted());
  });

  it('knows the holidays of a state, and takes another id', async () => {
    const { out } = await headroom([...args, '--state', 'BY', '--id', 'bavaria']);
    const calendar = calendarSchema.parse(JSON.parse(out));
    expect(calendar.id).toBe('bavaria');
    expect(calendar.days.map(({ date }) => date)).toContain('2026-01-06');
  });

  it.each([
    [
      'a country that there is not',
      ['calendar', '--country', 'XX', '--from', '2026', '--to', '2027'],
    ],
    ['a state that there is not', [...args, '--state', 'QQ']],
    ['years the wrong way round', [...args.slice(0, 4), '2027', '--to', '2026']],
  ])('is refused for %s', async (_name, line) => {
    const { code, err } = await headroom(line);
    expect(code).toBe(2);
    expect(err).not.toBe('');
  });
});
