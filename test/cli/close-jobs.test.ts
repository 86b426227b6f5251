import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { periodJob } from '../../functions/export/period-job.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { keptUsageKey } from '../../lib/closing/rating-inputs.ts';
import { monthCloser } from '../functions/close-months.ts';
import { CARD, type ClosingCloud, closingCloud, usageRow } from '../functions/closing-cloud.ts';
import { type Server, serve } from './server.ts';

let server: Server;
let cloud: ClosingCloud;
let close: ReturnType<typeof monthCloser>;
let codeVersion: string;
beforeEach(async () => {
  server = await serve();
  cloud = await closingCloud({ bills: server.ports.bills });
  cloud.clock.now = new Date('2026-12-03T02:00:00Z');
  close = monthCloser(cloud.ports);
  codeVersion = 'abc123';
  const results = memoryObjectStore();
  const documents = {
    put: async (key: string, body: Uint8Array) => void server.objects.set(key, Buffer.from(body)),
  };
  server.ports.messages.startUsageExport = async (id) => {
    const { jobs } = server.ports;
    const job = await jobs.get(id);
    if (job === null) throw new Error('no job');
    const closing = { ...cloud.ports, documents: cloud.documents, results, codeVersion };
    const deps = { jobs, documents, closing: closing as never, now: cloud.ports.now };
    await periodJob(deps, job).catch((error: Error) =>
      jobs.put({ ...job, state: 'failed', problem: error.message }),
    );
  };
});
afterEach(() => server.close());

const headroom = (...args: string[]) => server.headroom(args, { cwd: tmpdir() });

describe('close --dry-run', () => {
  it('tells each bill, and that there is nothing yet to compare with', async () => {
    const { code, out, err } = await headroom('close', '2026-10', '--dry-run');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`2026-10, dry run
team         EUR
payments    1.88
search      0.08
unassigned  0.05

There is no earlier dry run or draft to compare with.
Check: 1 project has no team, or not in full: 0.05 EUR ("p2" 0.05).
`);
  });

  it('says that nothing differs, and what does, line by line', async () => {
    await headroom('close', '2026-10', '--dry-run');
    expect((await headroom('close', '2026-10', '--dry-run')).out).toMatch(
      /^Nothing differs from the dry run of 2026-12-03T02:00:00.000Z\.$/m,
    );
    await cloud.meter('2026-10-06', [usageRow('p1', '2026-10-06T00:00:00Z', '70.5')]);
    await cloud.meter('2026-10-20', [usageRow('p9', '2026-10-20T00:00:00Z', '80')]);
    const { out } = await headroom('close', '2026-10', '--dry-run');
    expect(out).toContain(`Against the dry run of 2026-12-03T02:00:00.000Z:
team        line                              before  after  change
payments    total                               1.88   2.13    0.25
            p1 west cores m1.small cores std    1.88   2.13
unassigned  total                               0.05   1.05    1.00
            p9 west cores m1.small cores std       -   1.00
`);
  });

  it('holds against the draft when that is newer, and tells notes on earlier months', async () => {
    await close('2026-10', { issue: true });
    await cloud.meter('2026-10-06', [usageRow('p1', '2026-10-06T00:00:00Z', '150.5')]);
    await cloud.meter('2026-11-05', [usageRow('p1', '2026-11-05T00:00:00Z', '80')]);
    await close('2026-11', { issue: false });
    const { out } = await headroom('close', '2026-11', '--dry-run');
    expect(out).toContain(`Notes on earlier months:
team      corrects   EUR
payments  2026-10   1.25
`);
    expect(out).toContain('Nothing differs from the draft, revision 1.\n');
  });

  it('makes nothing: no draft, no document, no number', async () => {
    await headroom('close', '2026-10', '--dry-run');
    expect(await server.ports.bills.getPeriod('2026-10')).toBeNull();
    expect(await cloud.documentsUnder('')).toEqual({});
  });

  it('prints all of it as JSON', async () => {
    const { out } = await headroom('close', '2026-10', '--dry-run', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({
      ...{ period: '2026-10', currency: 'EUR', comparedWith: null, differences: [] },
      bills: [{ team: 'payments', total: '1.88' }, { team: 'search' }, { team: 'unassigned' }],
    });
  });

  it('is refused of an issued month, and with --issue', async () => {
    await close('2026-10', { issue: true });
    expect(await headroom('close', '2026-10', '--dry-run')).toMatchObject({
      code: 1,
      err: expect.stringContaining('2026-10 is issued: a close leaves it as it is.'),
    });
    expect(await headroom('close', '2026-11', '--dry-run', '--issue')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--dry-run makes nothing, so --issue has no sense.'),
    });
  });
});

describe('bill verify', () => {
  it('says that all came out as it is kept, with the code that did it', async () => {
    await close('2026-10', { issue: true });
    const { code, out } = await headroom('bill', 'verify', '2026-10');
    expect(code).toBe(0);
    expect(out).toBe(
      '2026-10 issued, revision 1 (code abc123)\nEqual: 3 documents came out byte for byte as they are kept.\n',
    );
    codeVersion = 'def456';
    const { out: one } = await headroom('bill', 'verify', '2026-10', '--team', 'search');
    expect(one).toBe(
      '2026-10 issued, revision 1 (made by code abc123, computed again by def456)\nEqual: 1 document came out byte for byte as they are kept.\n',
    );
  });

  it('notes what came later, which changes nothing', async () => {
    await close('2026-10', { issue: true });
    await cloud.configure('rate-card', { ...CARD, effectiveFrom: '2026-02-01' });
    await cloud.meter('2026-10-06', [usageRow('p1', '2026-10-06T00:00:00Z', '150.5')]);
    const { code, out } = await headroom('bill', 'verify', '2026-10');
    expect(code).toBe(0);
    expect(out).toMatch(/^Equal: 3 documents/m);
    expect(out).toMatch(/^Note: usage of 1 days was metered again since \(west 2026-10-06\): /m);
  });

  it('names each document that is not what it was, and fails', async () => {
    await close('2026-10', { issue: true });
    const key = 'bills/2026-10/1/payments.json';
    const bill = JSON.parse(Buffer.from((await cloud.documents.get(key)) ?? []).toString());
    await cloud.documents.put(key, Buffer.from(JSON.stringify({ ...bill, total: '1.00' })));
    await cloud.documents.delete('bills/2026-10/1/search.issued.json');
    const { code, out } = await headroom('bill', 'verify', '2026-10');
    expect(code).toBe(1);
    const [, outcome, altered, missing] = out.split('\n');
    expect(outcome).toBe('Not equal: 3 documents computed again.');
    expect(altered).toMatch(
      /^ {2}"bills\/2026-10\/1\/payments\.json" was altered: its SHA-256 is not [0-9a-f]{64}$/,
    );
    expect(missing).toBe('  "bills/2026-10/1/search.issued.json" is not in the documents bucket');
    const whole = await headroom('bill', 'verify', '2026-10', '--team', 'unassigned');
    expect(whole).toMatchObject({ code: 0, out: expect.stringContaining('Equal: 1 document') });
  });

  it('says what it lacks: a close, the usage, a team', async () => {
    const { code, err } = await headroom('bill', 'verify', '2026-10');
    expect(code).toBe(1);
    expect(err).toContain('2026-10 was not closed, so there is nothing to verify.');
    await close('2026-10', { issue: false });
    expect((await headroom('bill', 'verify', '2026-10', '--team', 'nobody')).err).toContain(
      'Team "nobody" has no bill and no note of 2026-10.',
    );
    for await (const { key } of cloud.documents.list(keptUsageKey('').slice(0, 11))) {
      await cloud.documents.delete(key);
    }
    await cloud.meter('2026-10-06', []);
    const lost = await headroom('bill', 'verify', '2026-10');
    expect(lost).toMatchObject({ code: 1, out: '', err: expect.stringContaining('kept-usage/') });
  });
});
