import { expect, it } from 'vitest';
import { explainedLines } from './explained-month.ts';
import { TEXTS } from './explained-texts.ts';

it('a line of each kind and price is told in sentences that lead to its amount', async () => {
  const told = (await explainedLines()).map(({ text, source }) =>
    source === null ? text : text.slice(0, -2),
  );
  const [commitment = [], ...others] = told;
  expect(others).toEqual(TEXTS);
  expect(commitment).toEqual(
    expect.arrayContaining([
      'Line 1 of the bill of "blue" for 2026-10: 6.00 EUR, a commitment, paid for used or not ("keep"), unit.',
      'By adjustment "keep".',
      'Amount: 1 core-hour (committed in each hour) x 24 (hours of the month in force) x 0.25 EUR (price of a unit) = 6.',
      'Rounded once, half-even, to 0.01.',
      'Result: 6.00 EUR.',
    ]),
  );
});

it('usage is listed by commands that a shell takes as they are', async () => {
  const line = (await explainedLines()).find(
    ({ measure, project }) => measure === 'pooled' && project !== '',
  );
  expect(line?.source).toEqual({
    usage:
      'headroom usage --region east --from 2026-10-01 --to 2026-11-01 --by project,resource,measure,class,hour',
    hour: "headroom usage explain --region east --project 'p'\\''1' --measure pooled --resource ID --hour HOUR",
  });
  expect(line?.text.slice(-2)).toEqual([
    `Where it came from: ${line?.source?.usage}`,
    `and for an hour of a resource: ${line?.source?.hour}`,
  ]);
});
