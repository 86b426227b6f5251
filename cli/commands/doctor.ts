import * as z from 'zod';
import { allItems, allRegions } from '../all-pages.ts';
import { type Client, segment } from '../client.ts';
import { type CommandLine, type CommandSpec, SERVER_OPTIONS } from '../command-line.ts';
import { EXIT, type Io } from '../io.ts';
import { ingestPage } from '../responses/ingests.ts';
import { period } from '../responses/periods.ts';
import { clientOf } from '../server.ts';
import { command } from '../with-command-line.ts';

export const doctorSpec: CommandSpec = {
  name: 'doctor',
  summary: 'Check that the server is well, and what it waits for',
  usage: ['doctor'],
  examples: ['headroom doctor', 'HEADROOM_URL=https://headroom.example.org headroom doctor'],
  options: SERVER_OPTIONS,
  notes: ['Exit code 1 when a check fails.'],
};

export const doctorCommand = command(doctorSpec, examine);

interface Finding {
  readonly state: 'ok' | 'note' | 'bad';
  readonly text: string;
}

async function examine(line: CommandLine, io: Io): Promise<number> {
  const client = clientOf(line, io);
  let code: number = EXIT.ok;
  for await (const { state, text } of findings(client, io.now())) {
    await io.out(`${state.padEnd(4)}  ${text}\n`);
    if (state === 'bad') code = EXIT.failed;
  }
  return code;
}

const health = z.object({ version: z.string() });
const configPage = z.object({ items: z.array(z.unknown()) });

async function* findings(client: Client, now: Date): AsyncGenerator<Finding> {
  const { version } = health.parse((await client.send('GET', '/v1/health')).body);
  yield { state: 'ok', text: `The server answers, version ${version}.` };
  const cards = await countOf(client, '/v1/rate-cards');
  yield cards === 0
    ? { state: 'note', text: 'There is no rate card: no bill can be made (headroom apply -f).' }
    : { state: 'ok', text: `There are rate cards (${cards}).` };
  const teams = await countOf(client, '/v1/teams');
  yield teams === 0
    ? { state: 'note', text: 'There is no team: all usage is billed to "unassigned".' }
    : { state: 'ok', text: `There are teams (${teams}).` };
  yield* sourcesOf(client);
  const regions = await allRegions(client);
  if (regions.length === 0) yield { state: 'note', text: 'No data has arrived (headroom ingest).' };
  for (const region of regions) yield await ingestsOf(client, region);
  yield await monthOf(client, now.toISOString().slice(0, 7));
}

const source = z.object({
  id: z.string(),
  status: z.object({
    failures: z.number(),
    lastRun: z.object({ error: z.string().nullable() }).nullable(),
  }),
});

/** Nothing where nothing is pulled: pushes and uploads are as good. */
async function* sourcesOf(client: Client): AsyncGenerator<Finding> {
  const sources = await allItems(client, { path: '/v1/sources', item: source });
  const failing = sources.filter(({ status }) => status.failures > 0);
  if (sources.length > failing.length) {
    yield { state: 'ok', text: `Sources are pulled (${sources.length - failing.length}).` };
  }
  for (const { id, status } of failing) {
    yield { state: 'bad', text: `The source ${id} fails: ${status.lastRun?.error ?? 'unknown'}` };
  }
}

async function countOf(client: Client, path: string): Promise<string | 0> {
  const { items } = configPage.parse(
    (await client.send('GET', path, { query: { limit: 200 } })).body,
  );
  if (items.length === 0) return 0;
  return items.length === 200 ? '200 or more' : String(items.length);
}

/** The newest of the region: what goes wrong now shows there. */
async function ingestsOf(client: Client, region: string): Promise<Finding> {
  const path = `/v1/ingests?region=${segment(region)}&limit=200`;
  const { items } = ingestPage.parse((await client.send('GET', path)).body);
  const count = (state: string): number => items.filter((one) => one.state === state).length;
  const waiting = count('running') + count('ingested');
  const refused = count('refused');
  const text = `${region}: of the newest ${items.length} ingests ${count('metered')} are metered, ${waiting} under way, ${refused} refused.`;
  // A file that was refused was refused for a reason, which its sender has been told.
  return { state: refused > 0 ? 'note' : 'ok', text };
}

async function monthOf(client: Client, month: string): Promise<Finding> {
  const found = period.parse((await client.send('GET', `/v1/periods/${month}`)).body);
  const obstacles = found.obstacles.filter((text) => !text.startsWith('the month ends'));
  if (obstacles.length === 0)
    return { state: 'ok', text: `${month}: all that arrived is metered.` };
  return { state: 'note', text: `${month}: ${obstacles.join('; ')}.` };
}
