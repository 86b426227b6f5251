import { expect, it } from 'vitest';
import { memoryNameStore } from '../../lib/adapters/memory/names.ts';
import { billsPdf } from '../../lib/billing/export/pdf/bills-pdf.ts';
import { billsXlsx } from '../../lib/billing/export/xlsx/bills-xlsx.ts';
import { standingExport } from '../../lib/closing/standing-export.ts';
import { FONTS, readPdf } from '../lib/billing/export/pdf-reader.ts';
import { readXlsx } from '../lib/billing/export/xlsx-reader.ts';
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

it('workbook and paper tell what of a commitment nobody used, and why and by whom a charge was written', async () => {
  const cloud = await closingCloud();
  const write = (id: string, body: object, version = 0) =>
    cloud.configuration.put({
      ...{ kind: 'adjustment', id, body: { id, team: 'payments', ...body } },
      ...{ actor: 'cleo', updatedAt: '2026-11-02T09:00:00Z', expectedVersion: version },
    });
  await write('reserved', {
    ...{ type: 'commitment', measure: 'cores', quantityPerHour: '20', unitPrice: '0.01' },
    match: { class: 'm1.small' },
  });
  const charge = { type: 'charge', amount: '25', reason: 'racks moved' };
  await write('setup', charge);
  const exported = async () =>
    (
      await standingExport(
        { ...cloud.ports, configuration: cloud.configuration, names: memoryNameStore() },
        {
          ...{ period: '2026-10', team: 'payments' },
        },
      )
    ).month;
  const told = async () => {
    const month = await exported();
    const lines = readXlsx(billsXlsx(month)).find(({ name }) => name === 'Lines')?.rows ?? [];
    const cells = ['rule', 'quantity', 'unused_quantity', 'charge_reason', 'charge_by'] as const;
    const { text } = await readPdf(await billsPdf(month, FONTS));
    return { rows: lines.map((row) => cells.map((name) => row[name]?.value ?? '')), text };
  };

  // 100 of an hour and 50.5 of another were used: 20 of each are covered, of 20 in each of 744 hours.
  const reserved = ['reserved', '14880', '14840', '', ''];
  await cloud.estimate('2026-10-05');
  expect((await told()).rows).toContainEqual(reserved);
  await monthCloser(cloud.ports)('2026-10', { issue: true });
  await write('setup', { ...charge, reason: 'changed later' }, 1);

  const { rows, text } = await told();
  expect(rows).toContainEqual(reserved);
  expect(rows).toContainEqual(['setup', '0', '', 'racks moved', 'cleo']);
  expect(text).toContain('reserved cores 14,880 core-hour 14,840 of it not used');
  expect(text).toContain('setup racks moved by cleo, 2026-11-02');
});
