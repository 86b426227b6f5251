import type * as z from 'zod';
import { allItems, wholeList } from './all-pages.ts';
import { type Client, segment } from './client.ts';
import { inParallel } from './in-parallel.ts';
import { bill, billPage, line } from './responses/bills.ts';

const REQUESTS_AT_ONCE = 4;

type BillPage = z.output<typeof billPage>;

/**
 * The bills of a month with all their lines, as the API tells them page by page; of one team when
 * it is named.
 */
export async function fetchBills(client: Client, period: string, team?: string) {
  const { items, nextCursor: _last, currency, ...month } = await fetchHeads(client, period);
  const teams = team === undefined ? items.map((head) => head.team) : [team];
  const bills = await inParallel(teams, REQUESTS_AT_ONCE, (name) =>
    fetchBill(client, period, name),
  );
  const ofTeam = bills[0];
  const { unrated, unratedCount, ...head } = month;
  const shown = team === undefined ? unrated : unrated.filter((row) => row['team'] === team);
  return {
    currency,
    ...head,
    ...(team !== undefined && ofTeam !== undefined ? totalsOf(ofTeam) : {}),
    bills,
    unrated: shown,
    unratedCount: team === undefined ? unratedCount : shown.length,
  };
}

function totalsOf({ total, projectedTotal, projectedRange }: BillPage['items'][number]) {
  return { total, projectedTotal, projectedRange };
}

export async function fetchHeads(client: Client, period: string): Promise<BillPage> {
  const list = { path: '/v1/bills', page: billPage, query: { period } };
  const { first, items } = await wholeList(client, list);
  return { ...first, items };
}

async function fetchBill(client: Client, period: string, team: string) {
  const path = `/v1/bills/${segment(period)}/${segment(team)}`;
  const found = bill.parse((await client.send('GET', path)).body);
  const { period: _period, currency: _currency, revision: _revision, ...rest } = found;
  return {
    ...rest,
    lines: found.lines ?? (await allItems(client, { path: `${path}/lines`, item: line })),
  };
}
