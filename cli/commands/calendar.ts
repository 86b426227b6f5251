import { type CommandLine, type CommandSpec, parseCommandLine } from '../command-line.ts';
import { commandHelp } from '../help.ts';
import { type Command, EXIT, type Io, UsageError } from '../io.ts';
import { jsonText } from '../output.ts';

export const calendarSpec: CommandSpec = {
  name: 'calendar',
  summary: 'Print the public holidays of a country as a calendar that "apply" takes',
  usage: ['calendar --country CODE [--state CODE] --from YYYY --to YYYY [--id ID]'],
  examples: [
    'headroom calendar --country DE --from 2024 --to 2028 > de.json && headroom apply -f de.json',
    'headroom calendar --country US --state CA --from 2024 --to 2028 --id california',
  ],
  options: [
    {
      flag: 'country',
      value: 'CODE',
      required: true,
      help: 'ISO 3166 code of the country, such as DE',
    },
    { flag: 'state', value: 'CODE', help: 'Of a state or province of it, such as BY' },
    {
      flag: 'from',
      value: 'YYYY',
      required: true,
      help: 'The first year: where the demand begins',
    },
    { flag: 'to', value: 'YYYY', required: true, help: 'The last year: a year ahead at least' },
    { flag: 'id', value: 'ID', help: 'Of the calendar (default: the codes)' },
  ],
  notes: [
    'Name the calendar in planning.calendars of a region. Its days count where the past bears it out (docs/planning.md).',
    'No server is asked. A calendar of your own is a document of the same shape.',
  ],
};

const YEARS = { min: 1990, max: 2100 };

export const calendarCommand: Command = async (args, io) => {
  const line = parseCommandLine(calendarSpec, args);
  if (line === null) {
    await io.out(commandHelp(calendarSpec));
    return EXIT.ok;
  }
  return await printCalendar(line, io);
};

async function printCalendar(line: CommandLine, io: Io): Promise<number> {
  const [from = 0, to = 0] = [line.integer('from', YEARS), line.integer('to', YEARS)];
  if (to < from) throw new UsageError('--to is before --from.');
  const [country, state] = [line.required('country').toUpperCase(), line.text('state')];
  const days = await publicHolidays({ country, state: state?.toUpperCase(), from, to });
  const code = [country, state].filter((part) => part !== undefined).join('-');
  const id = line.text('id') ?? code.toLowerCase();
  await io.out(jsonText({ id, name: `Public holidays of ${code.toUpperCase()}`, days }));
  return EXIT.ok;
}

async function publicHolidays(of: {
  readonly country: string;
  readonly state: string | undefined;
  readonly from: number;
  readonly to: number;
}): Promise<{ readonly date: string; readonly name: string }[]> {
  // Loaded when it is needed: its rules of all countries weigh more than the rest of the command.
  const { default: Holidays } = await import('date-holidays');
  const countries = new Holidays().getCountries();
  if (!(of.country in countries)) {
    throw new UsageError(
      `--country ${of.country} is not known; there are: ${Object.keys(countries).join(', ')}.`,
    );
  }
  const states = new Holidays().getStates(of.country) ?? {};
  if (of.state !== undefined && !(of.state in states)) {
    const known = Object.keys(states).join(', ');
    throw new UsageError(`--state ${of.state} is not known; there are: ${known || 'none'}.`);
  }
  const book =
    of.state === undefined ? new Holidays(of.country) : new Holidays(of.country, of.state);
  const byDate = new Map<string, string>();
  for (let year = of.from; year <= of.to; year += 1) {
    for (const { date, name, type } of book.getHolidays(year)) {
      if (type === 'public') byDate.set(date.slice(0, 10), name);
    }
  }
  return [...byDate].sort().map(([date, name]) => ({ date, name }));
}
