import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { monthCloser } from '../functions/close-months.ts';
import { closingCloud, usageRow } from '../functions/closing-cloud.ts';
import { type Server, serve } from './server.ts';

let server: Server;
beforeEach(async () => {
  server = await serve();
  const { bills } = server.ports;
  const cloud = await closingCloud({ bills, now: () => new Date('2026-12-03T02:00:00Z') });
  const close = monthCloser(cloud.ports);
  await close('2026-10', { issue: true });
  await cloud.meter('2026-10-20', [usageRow('p2', '2026-10-20T00:00:00Z', '100')]);
  await cloud.meter('2026-11-05', [usageRow('p1', '2026-11-05T00:00:00Z', '80')]);
  await close('2026-11', { issue: true });
});
afterEach(() => server.close());

const headroom = (...args: string[]) => server.headroom(args, { cwd: tmpdir() });

it('tells the amount due of every team that has a bill or a note', async () => {
  // 66 hours at 0.0125 are 0.82 and 6 were 0.08, each rounded half-even.
  const { out } = await headroom('bill', '2026-11', '-o', 'json');
  expect(JSON.parse(out)).toMatchObject({
    notes: [{ number: 'N2026-000001', team: 'search' }, { number: 'N2026-000002' }],
    due: [
      { team: 'payments', bill: '1.00', notes: '0.00', due: '1.00' },
      { team: 'search', bill: '0.00', notes: '0.74', due: '0.74' },
      { team: 'unassigned', bill: '0.00', notes: '0.50', due: '0.50' },
    ],
  });
  const { out: table } = await headroom('bill', '2026-11', '-o', 'table');
  expect(table).toMatch(/^search +0.00 +0.74 +0.74$/m);
});

it('prints notes with the bill, the lines and the reasons', async () => {
  const { code, out } = await headroom('bill', 'notes', '--period', '2026-11', '-o', 'table');
  expect(code).toBe(0);
  expect(out).toMatch(/^N2026-000001 +debit +search +2026-000002 +2026-10 +0.74 EUR$/m);
  expect(out).toMatch(/^late-usage +p2 +west +cores +m1.small +cores +std +0 +60 +0.74$/m);
  const { out: none } = await headroom('bill', 'notes', '--period', '2026-10', '-o', 'table');
  expect(none).toBe('No notes go out with the bills of 2026-10.\n');
});
