import { describe, expect, it } from 'vitest';
import type { BillRecord, PeriodRecord } from '../../lib/ports/documents.ts';
import { memoryApi } from './api.ts';

const AT = '2026-11-03T04:00:00.000Z';
const line = (project: string, amount: string, more: object = {}) => ({
  project,
  region: 'west',
  measure: 'cores',
  class: 'm1.small',
  rule: 'cores',
  card: 'std',
  band: 0,
  quantity: '1',
  amount,
  ...more,
});

function bill(team: string, total: string, lines: object[], more: object = {}): BillRecord {
  const body = { currency: 'EUR', period: '2026-10', team, total, lines };
  return {
    period: '2026-10',
    revision: 1,
    team,
    state: 'draft',
    number: null,
    sha256: 'ab'.repeat(32),
    currency: 'EUR',
    total,
    body,
    generatedAt: AT,
    ...more,
  };
}

const UNRATED = {
  team: 'b',
  project: 'p2',
  region: 'west',
  measure: 'image',
  class: '',
  quantity: '7.5',
};

async function closedMonth(
  bills: readonly BillRecord[],
  state: PeriodRecord['state'] = 'draft',
  more: object = {},
) {
  const api = memoryApi();
  const revision = bills[0]?.revision ?? 1;
  const extra = { currency: 'EUR', unrated: [UNRATED], ...more };
  await api.ports.bills.putBills('2026-10', revision, bills, extra);
  const record = {
    period: '2026-10',
    state,
    revision,
    sha256: revision === 0 ? null : 'cd'.repeat(32),
    manifestKey: null,
    closedBy: 'ada',
    issuedBy: null,
    updatedAt: AT,
  };
  await api.ports.bills.putPeriod(record, null);
  return api;
}

describe('the bills of a month', () => {
  it('are listed by team with their total and what is unrated', async () => {
    const { ask } = await closedMonth([
      bill('b', '2.50', [line('p2', '2.50')]),
      bill('a', '0.30', [line('p1', '0.10'), line('p3', '0.20')]),
    ]);
    const { body } = await ask('GET /v1/bills', { query: { period: '2026-10' } });
    expect(body).toMatchObject({
      period: '2026-10',
      currency: 'EUR',
      state: 'draft',
      revision: 1,
      sha256: 'cd'.repeat(32),
      total: '2.80',
      items: [
        { team: 'a', total: '0.30', lineCount: 2, number: null },
        { team: 'b', total: '2.50', lineCount: 1 },
      ],
      nextCursor: null,
      unrated: [UNRATED],
      unratedCount: 1,
    });
  });

  it('have the total of the month on each page', async () => {
    const { ask } = await closedMonth([bill('a', '1.00', []), bill('b', '2.00', [])]);
    const query = { period: '2026-10', limit: '1' };
    const first = (await ask('GET /v1/bills', { query })).body as { nextCursor: string };
    const second = await ask('GET /v1/bills', { query: { ...query, cursor: first.nextCursor } });
    expect(second.body).toMatchObject({ total: '3.00', items: [{ team: 'b' }], nextCursor: null });
  });

  it('are an estimate, with what it comes to, before the month is closed', async () => {
    const estimate = bill('a', '1.00', [line('p1', '1.00', { projectedAmount: '2.00' })]);
    const body = {
      ...(estimate.body as object),
      projectedTotal: '2.00',
      projectedRange: { p10: '1.80', p50: '2.00', p90: '2.30' },
      elapsedHours: 372,
      hoursInMonth: 744,
      method: 'daily-level',
    };
    const { ask } = await closedMonth(
      [{ ...estimate, revision: 0, state: 'estimate', body }],
      'open',
      { projectedRange: { p10: '1.70', p50: '2.00', p90: '2.40' }, dayCosts: { a: ['1000000'] } },
    );
    const list = await ask('GET /v1/bills', { query: { period: '2026-10' } });
    expect(list.body).toMatchObject({
      ...{ state: 'estimate', revision: 0, sha256: null },
      projectedTotal: '2.00',
      projectedRange: { p10: '1.70', p50: '2.00', p90: '2.40' },
      items: [{ team: 'a', projectedRange: { p10: '1.80', p50: '2.00', p90: '2.30' } }],
    });
    expect((await ask('GET /v1/bills/2026-10/a')).body).toMatchObject({
      state: 'estimate',
      projectedTotal: '2.00',
      projectedRange: { p10: '1.80', p50: '2.00', p90: '2.30' },
      projectionMethod: 'daily-level',
      elapsedHours: 372,
      lines: [{ projectedAmount: '2.00' }],
    });
  });

  it('come as CSV, in which no text is run as a formula', async () => {
    const lines = [line('=HYPERLINK("http://x")', '0.10'), line('-1+1', '-0.20')];
    const { ask } = await closedMonth([bill('a,b', '-0.10', lines)]);
    const headers = { accept: 'text/csv' };
    const query = { period: '2026-10' };
    const { text, headers: got } = await ask('GET /v1/bills', { query, headers });
    expect(got['content-type']).toMatch(/^text\/csv/);
    const [, first, second] = text.split('\r\n');
    expect(first).toContain(`"'=HYPERLINK(""http://x"")"`);
    expect(second).toContain(`"'-1+1"`);
    expect(second).toMatch(/,-0\.20$/);
    const one = await ask('GET /v1/bills/2026-10/a%2Cb', { query: { format: 'csv' } });
    expect(one.text).toBe(text);
  });

  it('say what of a commitment was paid for and not used', async () => {
    const commitment = { region: '', class: '', rule: 'c', card: '', quantity: '1488' };
    const lines = [line('', '148.80', commitment), line('p1', '1.00')];
    const terms = [
      { kind: 'commitment', unitPrice: '0.1', used: '39.5' },
      { kind: 'rule', model: 'unit', priced: '1', unitPrice: '1', currency: 'EUR' },
    ] as const;
    const { ask } = await closedMonth([bill('a', '149.80', lines, { terms })]);
    const { body } = await ask('GET /v1/bills/2026-10/a');
    expect(body).toMatchObject({ lines: [{ rule: 'c', unusedQuantity: '1448.5' }, {}] });
    const { text } = await ask('GET /v1/bills/2026-10/a', { query: { format: 'csv' } });
    expect(text).toContain(',1488,1448.5,148.80\r\n');
  });

  it('say why a charge is there, and who wrote it', async () => {
    const charge = { region: '', measure: '', class: '', rule: 'setup', card: '', quantity: '0' };
    const author = { actor: 'cleo', at: '2026-10-03T10:00:00.000Z' };
    const terms = [{ kind: 'charge', reason: 'racks', author }] as const;
    const lines = [line('', '25.00', charge)];
    const { ask } = await closedMonth([bill('a', '25.00', lines, { terms })]);
    const { body } = await ask('GET /v1/bills/2026-10/a');
    expect(body).toMatchObject({ lines: [{ rule: 'setup', oneOff: { reason: 'racks', author } }] });
    const page = await ask('GET /v1/bills/2026-10/a/lines');
    expect(page.body).toMatchObject({ items: [{ oneOff: { reason: 'racks' } }] });
  });

  it('come in no other form', async () => {
    const { ask } = await closedMonth([bill('a', '0.00', [])]);
    const query = { period: '2026-10' };
    const headers = { accept: 'image/png' };
    expect((await ask('GET /v1/bills', { query, headers })).status).toBe(406);
    expect((await ask('GET /v1/bills', { query: { ...query, format: 'png' } })).status).toBe(400);
  });

  it('of a month that nothing was metered of are told to be missing, and how to make them', async () => {
    const { ask } = await closedMonth([bill('a', '0.00', [])]);
    const answer = await ask('GET /v1/bills', { query: { period: '2026-09' } });
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      detail: expect.stringMatching(/"headroom close 2026-09".* Months with bills: 2026-10\./),
    });
  });

  it('of a month whose close was refused are told to be missing, and only months with bills named', async () => {
    const { ask, ports } = await closedMonth([bill('a', '0.00', [])]);
    const refused = await ports.bills.getPeriod('2026-10');
    if (refused === null) throw new Error('no period');
    const open = { ...refused, period: '2026-09' as const, state: 'open' as const, revision: 0 };
    await ports.bills.putPeriod({ ...open, sha256: null }, null);
    const { status, body } = await ask('GET /v1/bills', { query: { period: '2026-09' } });
    expect(status).toBe(404);
    expect(body).toMatchObject({
      detail: expect.stringMatching(/ Months with bills: 2026-10\.$/),
    });
  });
});

describe('the bill of a team', () => {
  it('has its lines in the order of the bill', async () => {
    const lines = [line('p9', '1.00'), line('p1', '2.00')];
    const { ask } = await closedMonth([bill('a', '3.00', lines)]);
    const { body } = await ask('GET /v1/bills/2026-10/a');
    expect(body).toMatchObject({ team: 'a', total: '3.00', lines });
  });

  it('that is issued has its number', async () => {
    const issued = bill('a', '3.00', [], { state: 'issued', number: '2026-000001' });
    const { ask } = await closedMonth([issued], 'issued');
    const { body } = await ask('GET /v1/bills/2026-10/a');
    expect(body).toMatchObject({ state: 'issued', number: '2026-000001' });
  });

  it('gives its lines page by page when they are too many for one answer', async () => {
    const lines = Array.from({ length: 5_001 }, (_, index) => line(`p${index}`, '0.01'));
    const { ask } = await closedMonth([bill('a', '50.01', lines)]);
    const whole = await ask('GET /v1/bills/2026-10/a');
    expect(whole.body).toMatchObject({ lineCount: 5_001, lines: null });
    const projects: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = {
        limit: '200',
        ...(cursor === null ? {} : { cursor }),
      };
      const page = (await ask('GET /v1/bills/2026-10/a/lines', { query })).body as {
        items: { project: string }[];
        nextCursor: string | null;
      };
      projects.push(...page.items.map(({ project }) => project));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(projects).toEqual(lines.map(({ project }) => project));
  });

  it('that is not there is told with the teams that have one', async () => {
    const { ask } = await closedMonth([bill('a', '0.00', []), bill('b', '0.00', [])]);
    const answer = await ask('GET /v1/bills/2026-10/c');
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({
      detail: 'Team "c" has no bill of 2026-10. Teams that have: a, b.',
    });
  });
});
