import { ApiProblem, type Client, segment } from '../client.ts';
import { fetchHeads } from '../fetch-bills.ts';

/** The lines as CSV, as the API writes it; team by team when a month is too large for one answer. */
export async function billsCsv(
  client: Client,
  period: string,
  team: string | undefined,
): Promise<string> {
  if (team !== undefined) return await teamCsv(client, period, team);
  try {
    return await client.text('/v1/bills', { query: { period, format: 'csv' } });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 422) throw error;
  }
  const { items } = await fetchHeads(client, period);
  const texts: string[] = [];
  for (const { team: one } of items) {
    const text = await teamCsv(client, period, one);
    texts.push(texts.length === 0 ? text : text.slice(text.indexOf('\r\n') + 2));
  }
  return texts.join('');
}

async function teamCsv(client: Client, period: string, team: string): Promise<string> {
  const path = `/v1/bills/${segment(period)}/${segment(team)}`;
  return await client.text(path, { query: { format: 'csv' } });
}
