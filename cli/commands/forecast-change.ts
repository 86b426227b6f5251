import { EFFECTS, type ForecastChange, forecastChange } from '../../lib/records/forecast-change.ts';
import { segment } from '../client.ts';
import type { CommandLine } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { printAnswer } from '../output.ts';
import { clientOf } from '../server.ts';
import { type Column, table } from '../table.ts';

/** `headroom forecast --why`: what moved the forecast since a week before. */
export async function printChange(line: CommandLine, io: Io): Promise<number> {
  const [region, metric] = [line.required('region'), line.required('metric')];
  const path = `/v1/regions/${segment(region)}/forecasts/${segment(metric)}/change`;
  const { body } = await clientOf(line, io).send('GET', path);
  await printAnswer(line, io, { data: body, text: () => changeLines(forecastChange.parse(body)) });
  return EXIT.ok;
}

type Row = readonly string[];

function changeLines(change: ForecastChange): string {
  const { region, metric, unit, demand, exhaustion } = change;
  const rows: Row[] = demand.map(({ date, before, after, effects }) => [
    `demand on ${date} (${unit})`,
    before.toFixed(1),
    ...EFFECTS.map((effect) => signed(effects[effect])),
    after.toFixed(1),
  ]);
  const moved: Row[] =
    exhaustion === null
      ? []
      : [
          [
            'median exhaustion (days)',
            exhaustion.before ?? 'later',
            ...exhaustion.effects.map(({ days, date }) =>
              days === null ? `-> ${date ?? 'later'}` : signed(days, 0),
            ),
            exhaustion.after ?? 'later',
          ],
        ];
  const columns = ['of', 'then', ...EFFECTS, 'now'].map(
    (title, index): Column<Row> => ({
      title,
      ...(index === 0 ? {} : { align: 'right' }),
      value: (row) => row[index] ?? '',
    }),
  );
  return [
    `${region} ${metric}: ${change.text}\n`,
    table(columns, [...rows, ...moved]),
    change.modelsKnown ? '' : 'The models of then are not in use any more: they count as data.\n',
  ].join('');
}

function signed(value: number, digits = 1): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(digits)}`;
}
