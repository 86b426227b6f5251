import type * as z from 'zod';
import { type Client, segment } from './client.ts';
import { inParallel } from './in-parallel.ts';
import { bill, billPage, linePage } from './responses/bills.ts';

const REQUESTS_AT_ONCE = 4;
const PAGE_SIZE = 200;

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
  const get = async (cursor: string | undefined): Promise<BillPage> => {
    const query = { period, limit: PAGE_SIZE, cursor };
    return billPage.parse((await client.send('GET', '/v1/bills', { query })).body);
  };
  const first = await get(undefined);
  const items = [...first.items];
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const page = await get(cursor);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return { ...first, items };
}

async function fetchBill(client: Client, period: string, team: string) {
  const path = `/v1/bills/${segment(period)}/${segment(team)}`;
  const found = bill.parse((await client.send('GET', path)).body);
  const { period: _period, currency: _currency, revision: _revision, ...rest } = found;
  return { ...rest, lines: found.lines ?? (await fetchLines(client, path)) };
}

async function fetchLines(client: Client, path: string) {
  const lines: Record<string, unknown>[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string | number | undefined> = {
      limit: PAGE_SIZE,
      cursor: cursor ?? undefined,
    };
    const answer = await client.send('GET', `${path}/lines`, { query });
    const page: z.output<typeof linePage> = linePage.parse(answer.body);
    lines.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return lines;
}
