import { expect, it } from 'vitest';
import { memoryNameStore } from '../../lib/adapters/memory/names.ts';
import { billsXlsx } from '../../lib/billing/export/xlsx/bills-xlsx.ts';
import { standingExport } from '../../lib/closing/standing-export.ts';
import { monthCloser } from './close-months.ts';
import { closingCloud, usageRow } from './closing-cloud.ts';

const TEAM = { id: 'payments', projects: [{ project: 'p1' }] };

it('what an issued month says on paper stays as it was at its close, whatever is renamed or set later', async () => {
  const names = memoryNameStore();
  const call = (name: string) =>
    names.put([{ kind: 'project', id: 'p1', name, domain: null }], {
      actor: 'ann',
      at: '2027-01-01T00:00:00Z',
    });
  const cloud = await closingCloud({ names });
  const settings = (issuer: string) =>
    cloud.configure('billing-settings' as never, { id: 'default', issuer } as never);
  const asks = { bills: cloud.ports.bills, configuration: cloud.configuration, names };
  const exported = (period: string) => standingExport(asks, { period, team: null });
  cloud.clock.now = new Date('2027-01-03T02:00:00Z');
  const close = monthCloser(cloud.ports);
  await close('2026-10', { issue: true });
  await cloud.meter('2026-11-05', [usageRow('p1', '2026-11-05T00:00:00Z', '80')]);
  await cloud.meter('2026-10-06', [usageRow('p1', '2026-10-06T00:00:00Z', '150.5')]);
  await call('checkout');
  await settings('Platform');
  await cloud.configure('team', { ...TEAM, name: 'Payments' } as never);
  await close('2026-11', { issue: true });

  const issued = await exported('2026-11');
  expect(issued.month.wording).toEqual({
    issuer: 'Platform',
    statement: 'Internal recharge, not a tax invoice.',
  });
  expect(issued.month.documents.map(({ kind, billedTo }) => [kind, billedTo.name])).toEqual([
    ['bill', 'Payments'],
    ['debit', 'Payments'],
  ]);
  for (const { lines, issuedAt } of issued.month.documents) {
    expect(lines[0]).toMatchObject({ projectName: 'checkout', unit: 'core-hour' });
    expect(issuedAt).toBe('2027-01-03T02:00:00.000Z');
  }

  cloud.clock.now = new Date('2027-02-03T02:00:00Z');
  await call('cart');
  await settings('Somebody else');
  await cloud.configure('team', { ...TEAM, name: 'Money' } as never);
  expect(await exported('2026-11')).toEqual(issued);
  expect(billsXlsx((await exported('2026-11')).month)).toEqual(billsXlsx(issued.month));
});
