import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  aggregatesOf,
  type RecordedOpenStack,
  recordedOpenStack,
} from '../sources/recorded-openstack.ts';
import { App } from './app.ts';

/** Stands in the secret and nowhere else. */
const CANARY = 'canary-6f1b-password';

const app = new App();
let cloud: RecordedOpenStack;

beforeAll(async () => {
  cloud = await recordedOpenStack({ password: CANARY });
  cloud.gnocchi(aggregatesOf({ alpha: () => 10, beta: () => 5.5 }));
  cloud.hosts.push(
    { name: 'compute-1', vcpus: 32, vcpusUsed: 8, memoryMib: 131_072, memoryMibUsed: 16_384 },
    { name: 'compute-2', vcpus: 64, vcpusUsed: 12, memoryMib: 262_144, memoryMibUsed: 32_768 },
  );
  await app.start();
});
afterAll(async () => {
  await app.stop();
  await app.remove();
  await cloud.close();
});

function storeSecret(name: string, value: unknown): void {
  const path = join(app.dataDir, 'secrets', `${name}.json`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(value), { mode: 0o600 });
}

async function apply(source: Readonly<Record<string, unknown>>): Promise<string> {
  const file = join(app.dataDir, `${String(source['id'])}.json`);
  writeFileSync(
    file,
    JSON.stringify({ region: 'west', authUrl: cloud.authUrl, secret: 'headroom/west', ...source }),
  );
  return await app.ok(['apply', '-f', file, '--as', 'ops']);
}

interface SourceView {
  readonly id: string;
  readonly status: {
    readonly lastRun: {
      readonly outcome: string;
      readonly error: string | null;
      readonly actor: string;
      readonly objectCount: number;
      readonly newObjectCount: number;
    } | null;
    readonly nextDueAt: string | null;
  };
}

async function statusOf(id: string): Promise<SourceView['status']> {
  const answer = await fetch(`${app.url}/v1/sources/${id}`);
  return ((await answer.json()) as SourceView).status;
}

it('pulls what is due by its own schedule until it stands in demand and capacity', async () => {
  storeSecret('headroom/west', {
    username: 'headroom',
    password: CANARY,
    user_domain_name: 'Default',
    project_name: 'admin',
    project_domain_name: 'Default',
  });
  expect(
    await apply({ id: 'west-cores', kind: 'gnocchi-aggregates', metric: 'cores', historyDays: 2 }),
  ).toBe('source west-cores created\n');
  await apply({ id: 'west-hosts', kind: 'placement', schedule: 'cron(0 3 * * ? *)' });
  const deadline = Date.now() + 150_000;
  while (
    (await statusOf('west-hosts')).lastRun === null ||
    (await statusOf('west-cores')).lastRun === null
  ) {
    if (Date.now() > deadline) throw new Error(`nothing was pulled:\n${app.log.slice(-3_000)}`);
    await sleep(1_000);
  }
  expect(await statusOf('west-cores')).toMatchObject({
    lastRun: { outcome: 'succeeded', actor: 'schedule', error: null },
  });
  expect(await statusOf('west-hosts')).toMatchObject({
    lastRun: { outcome: 'succeeded', objectCount: 1 },
  });
  await app.settled('west', 4);
  const capacity = JSON.parse(await app.ok(['capacity', '--region', 'west', '-o', 'json']));
  expect(capacity).toMatchObject({ hosts: 2, cores: { total: 1_536 } });
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const today = new Date().toISOString().slice(0, 10);
  const answer = await fetch(
    `${app.url}/v1/regions/west/demand?metric=cores&from=${yesterday}&to=${today}`,
  );
  expect(await answer.json()).toMatchObject({ items: [{ date: yesterday, mean: 15.5 }] });
});

it('pulls at once when asked to, and puts nothing twice', async () => {
  const pull = () => app.run(['sources', 'pull', 'west-cores', '-o', 'table', '--as', 'ops']);
  // An hour may have settled since the run before: then that one is new, once.
  const first = await pull();
  const again = first.stdout.includes(' new=0') ? first : await pull();
  expect(again.stderr).toContain('is not https');
  expect(again.stdout).toMatch(
    /^west-cores succeeded: windows=\d+ requests=\d+ objects=\d+ new=0\n$/,
  );
  expect(again.code).toBe(0);
  expect(await app.ok(['sources', '-o', 'table'])).toMatch(
    /west-cores +west +gnocchi-aggregates .* succeeded/,
  );
});

it('meters what Nova tells hour by hour, and never more however often it is asked', async () => {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const today = new Date().toISOString().slice(0, 10);
  const sizes = { vcpus: 2, memoryMib: 4_096 };
  const at = (time: string) => `${yesterday}T${time}Z`;
  const first = {
    id: 'vm-1',
    project: 'alpha',
    ...sizes,
    startedAt: at('10:30:00'),
    endedAt: at('14:15:00'),
  };
  cloud.servers.push(first, { ...first, id: 'vm-2', project: 'beta', vcpus: 4 });
  const fields = {
    id: 'usage',
    region: 'nova',
    kind: 'nova-usage',
    historyDays: 1,
    enabled: false,
  };
  await apply({ ...fields, pageSize: 1 });
  await app.ok(['sources', 'pull', 'usage']);
  await app.settled('nova', 5);
  const cores = async () =>
    (await app.usage('nova', yesterday, today))
      .filter(({ measure }) => measure === 'cores')
      .map(
        ({ resource, hour, quantity }) => `${resource} ${hour.slice(11, 13)} ${Number(quantity)}`,
      )
      .toSorted();
  const expected = (id: string, vcpus: number) =>
    [0.5, 1, 1, 1, 0.25].map((share, index) => `${id} ${10 + index} ${share * vcpus}`);
  expect(await cores()).toEqual([...expected('vm-1', 2), ...expected('vm-2', 4)]);

  await apply({ ...fields, pageSize: 1, overlapMinutes: 2_880 });
  expect(await app.ok(['sources', 'pull', 'usage', '-o', 'table'])).toMatch(/ objects=5 new=0\n$/);
  // One that Nova tells of late: the pages of its hour are other answers, with the same rows in them.
  cloud.servers.push({ ...first, id: 'vm-3', startedAt: at('12:00:00'), endedAt: at('13:00:00') });
  await apply({ ...fields, pageSize: 500, overlapMinutes: 2_880 });
  expect(await app.ok(['sources', 'pull', 'usage', '-o', 'table'])).toMatch(/ objects=5 new=5\n$/);
  await app.settled('nova', 10);
  expect(await cores()).toEqual([...expected('vm-1', 2), ...expected('vm-2', 4), 'vm-3 12 2']);
});

it('tells a failed pull, with what to do', async () => {
  storeSecret('headroom/wrong', {
    application_credential_id: 'headroom',
    application_credential_secret: `${CANARY}-wrong`,
  });
  await apply({ id: 'wrong', kind: 'nova-hypervisors', secret: 'headroom/wrong', enabled: false });
  const failed = await app.run(['sources', 'pull', 'wrong']);
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('refused the credentials of the secret (401)');
  await apply({ id: 'none', kind: 'nova-hypervisors', secret: 'headroom/none', enabled: false });
  const none = await app.run(['sources', 'pull', 'none']);
  expect(none.stderr).toContain('There is no secret "headroom/none"');
});

it('leaves the password nowhere but in the secret', async () => {
  await app.stop();
  const files = readdirSync(app.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('/secrets'))
    .map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(10);
  const leaks = files.filter((file) => readFileSync(file).includes(CANARY));
  expect(leaks).toEqual([]);
  expect(app.log).not.toContain(CANARY);
});
