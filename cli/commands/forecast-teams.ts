import { type TeamForecasts, teamForecastsAnswer } from '../../lib/planning/team-answer.ts';
import { segment } from '../client.ts';
import type { CommandLine } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { table } from '../table.ts';

/** Days ahead that are told on a terminal; the rest is for -o json. */
const TOLD_DAYS = [30, 90, 180, 365] as const;

/** `headroom forecast --teams`, `--team T`. */
export async function printTeams(line: CommandLine, io: Io): Promise<number> {
  const query = {
    horizon: line.integer('horizon', { min: 1, max: 365 }),
    team: line.text('team'),
  };
  const [region, metric] = [line.required('region'), line.required('metric')];
  const path = `/v1/regions/${segment(region)}/forecasts/${segment(metric)}/teams`;
  const { body } = await clientOf(line, io).send('GET', path, { query });
  await printAnswer(line, io, {
    data: body,
    text: () => teamsText(teamForecastsAnswer.parse(body)),
  });
  return EXIT.ok;
}

function teamsText(answer: TeamForecasts): string {
  const { region, metric, unit, origin, teams, horizonDays } = answer;
  const days = [...TOLD_DAYS.filter((day) => day < horizonDays), horizonDays];
  const at = (values: readonly number[], day: number) => (values[day - 1] ?? 0).toFixed(1);
  return [
    `${region} ${metric}: daily mean in ${unit} by team, after ${origin}; P10 to P90 after ${horizonDays} days\n`,
    table(
      [
        { title: 'team', value: ({ team }) => team },
        { title: 'now', align: 'right', value: ({ now }) => now.toFixed(1) },
        ...days.map((day) => ({
          title: `${day} d`,
          align: 'right' as const,
          value: ({ mean }: (typeof teams)[number]) => at(mean, day),
        })),
        {
          title: 'P10 - P90',
          align: 'right',
          value: ({ p10, p90 }) => `${at(p10, horizonDays)} - ${at(p90, horizonDays)}`,
        },
      ],
      teams,
    ),
  ].join('');
}
