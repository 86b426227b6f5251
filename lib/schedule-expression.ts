/** A schedule expression of EventBridge: `rate(15 minutes)` or `cron(0 3 * * ? *)`. */
export interface Schedule {
  /** The first time strictly after `after` at which it fires; null when it never does again. */
  next(after: Date): Date | null;
}

const unitMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** @throws RangeError that tells what is wrong with the expression */
export function parseSchedule(expression: string, timeZone: string): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate !== null) return everyInterval(expression, Number(rate[1]), rate[2] ?? '');
  const cron = /^cron\(([^)]*)\)$/.exec(expression);
  if (cron !== null) return calendarSchedule(cron[1] ?? '', timeZone);
  throw new RangeError(`"${expression}" is neither rate(..) nor cron(..)`);
}

function everyInterval(expression: string, count: number, unit: string): Schedule {
  if (count < 1) throw new RangeError(`"${expression}": the interval must be at least 1`);
  const intervalMs = count * unitMs[unit as keyof typeof unitMs];
  return { next: (after) => new Date(after.getTime() + intervalMs) };
}

/** The last year that EventBridge knows. */
const LAST_YEAR = 2199;
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const monthNames = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

/** Minutes hours day-of-month month day-of-week (1 is Sunday) year. */
function calendarSchedule(text: string, timeZone: string): Schedule {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) {
    throw new RangeError(`"cron(${text})" has ${fields.length} fields; EventBridge takes 6`);
  }
  if (timeZone !== 'UTC') throw new RangeError(`time zone ${timeZone}: only UTC is run here`);
  const [minutes = '', hours = '', days = '', months = '', weekdays = '', years = ''] = fields;
  if ((days === '?') === (weekdays === '?')) {
    throw new RangeError(`"cron(${text})": one of day of month and day of week must be ?`);
  }
  const matches = {
    minute: field(minutes, 0, 59),
    hour: field(hours, 0, 23),
    day: field(days, 1, 31),
    month: field(months, 1, 12, monthNames),
    weekday: field(weekdays, 1, 7, dayNames),
    year: field(years, 1970, LAST_YEAR),
  };
  const dayMatches = (time: Date) =>
    matches.year(time.getUTCFullYear()) &&
    matches.month(time.getUTCMonth() + 1) &&
    matches.day(time.getUTCDate()) &&
    matches.weekday(time.getUTCDay() + 1);
  return {
    next(after) {
      const time = new Date(after.getTime());
      time.setUTCMinutes(time.getUTCMinutes() + 1, 0, 0);
      // Whole days and hours that do not match are skipped, so that years away cost little.
      while (time.getUTCFullYear() <= LAST_YEAR) {
        if (!dayMatches(time)) time.setUTCHours(24, 0, 0, 0);
        else if (!matches.hour(time.getUTCHours())) {
          time.setUTCHours(time.getUTCHours() + 1, 0, 0, 0);
        } else if (!matches.minute(time.getUTCMinutes())) {
          time.setUTCMinutes(time.getUTCMinutes() + 1);
        } else return time;
      }
      return null;
    },
  };
}

/** Whether a value is in one field: `*`, `?`, `5`, `MON-FRI`, `0/15`, or several with commas. */
function field(
  text: string,
  from: number,
  to: number,
  names: readonly string[] = [],
): (value: number) => boolean {
  if (text === '*' || text === '?') return () => true;
  const number = (word: string) => {
    const named = names.indexOf(word.toUpperCase());
    const value = named >= 0 ? named + 1 : Number(word);
    if (!Number.isInteger(value) || value < from || value > to) {
      throw new RangeError(`"${word}" in "${text}" is not a number from ${from} to ${to}`);
    }
    return value;
  };
  const ranges = text.split(',').map((item) => {
    const [range = '', step] = item.split('/');
    if (step !== undefined && !/^[1-9]\d*$/.test(step)) {
      throw new RangeError(`step "${step}" in "${text}" is not a whole number above 0`);
    }
    const [low = '', high] = range === '*' ? [String(from), String(to)] : range.split('-');
    const first = number(low);
    const openEnd = step === undefined ? first : to;
    return { first, last: high === undefined ? openEnd : number(high), step: Number(step ?? 1) };
  });
  return (value) =>
    ranges.some(
      ({ first, last, step }) => value >= first && value <= last && (value - first) % step === 0,
    );
}
