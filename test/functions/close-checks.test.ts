import { beforeEach, describe, expect, it } from 'vitest';
import { monthCloser } from './close-months.ts';
import { CARD, type ClosingCloud, closingCloud, PERIOD } from './closing-cloud.ts';

let cloud: ClosingCloud;
let close: ReturnType<typeof monthCloser>;
beforeEach(async () => {
  cloud = await closingCloud();
  close = monthCloser(cloud.ports);
});

async function settings(body: object): Promise<void> {
  await cloud.configuration.put({
    ...{ kind: 'billing-settings', id: 'default', body: { id: 'default', ...body } },
    ...{ actor: 'ann', updatedAt: cloud.clock.now.toISOString(), expectedVersion: 0 },
  });
}

async function checks() {
  return (await cloud.ports.bills.getPeriod(PERIOD))?.checks;
}

describe('what a close reports of its bills', () => {
  it('is projects without a team, by cost', async () => {
    await close(PERIOD, { issue: true });
    expect(await checks()).toEqual([
      {
        check: 'unmapped',
        message: '1 project has no team, or not in full: 0.05 EUR ("p2" 0.05)',
        refuses: false,
      },
    ]);
  });

  it('is usage without a price, and hours without a card', async () => {
    await cloud.configure('rate-card', { ...CARD, effectiveFrom: '2026-10-05T12:00:00Z' } as never);
    await close(PERIOD, { issue: false });
    expect(await checks()).toEqual([
      { check: 'unrated', message: '3 rows of usage have no price: cores', refuses: false },
      {
        check: 'card-gap',
        message:
          "no rate card is in force in the month's first 108 hours, until 2026-10-05T12:00:00Z",
        refuses: false,
      },
    ]);
  });

  it('refuses an issue by setting, and never a draft', async () => {
    await settings({ refuse: ['unmapped'] });
    await close(PERIOD, { issue: false });
    await expect(close(PERIOD, { issue: true })).rejects.toThrow(
      /^2026-10 cannot be issued: 1 project has no team/,
    );
    await cloud.configure('team', { id: 'search', projects: [{ project: 'p2' }] } as never);
    await close(PERIOD, { issue: true });
    expect(await checks()).toEqual([]);
  });
});

describe('where the settings ask for two actors', () => {
  beforeEach(() => settings({ issueByAnother: true }));

  it('nobody issues what nobody closed, or what they closed themselves', async () => {
    await expect(close(PERIOD, { issue: true })).rejects.toThrow(/has no draft to issue/);
    await close(PERIOD, { issue: false, actor: 'ann' });
    await expect(close(PERIOD, { issue: true, actor: 'ann' })).rejects.toThrow(
      /^ann closed 2026-10, and the billing settings ask for another actor/,
    );
  });

  it('another issues the draft as it was looked at', async () => {
    await close(PERIOD, { issue: false, actor: 'ann' });
    const draft = await cloud.ports.bills.listBills(PERIOD, 1);
    await cloud.meter('2026-10-06', []);
    await close(PERIOD, { issue: true, actor: 'bob' });
    expect(await cloud.ports.bills.getPeriod(PERIOD)).toMatchObject({
      ...{ state: 'issued', revision: 1, closedBy: 'ann', issuedBy: 'bob' },
    });
    const issued = await cloud.ports.bills.listBills(PERIOD, 1);
    expect(issued?.bills.map(({ sha256 }) => sha256)).toEqual(
      draft?.bills.map(({ sha256 }) => sha256),
    );
  });
});
