import { readFile } from 'node:fs/promises';
import { closeHandler } from '../../functions/close/close.ts';
import { rateHandler } from '../../functions/rate/rate.ts';
import { type MemoryAuditLog, memoryAuditLog } from '../../lib/adapters/memory/audit-log.ts';
import { memoryBillStore } from '../../lib/adapters/memory/bill-store.ts';
import { memoryBudgetStates } from '../../lib/adapters/memory/budget-states.ts';
import { memoryConfigStore } from '../../lib/adapters/memory/config-store.ts';
import { memoryEvents } from '../../lib/adapters/memory/events.ts';
import { memoryLakeIndex } from '../../lib/adapters/memory/lake-index.ts';
import { memoryLedger } from '../../lib/adapters/memory/ledger.ts';
import { memoryNameStore } from '../../lib/adapters/memory/names.ts';
import { memoryObjectStore } from '../../lib/adapters/memory/object-store.ts';
import { memoryPartitions } from '../../lib/adapters/memory/partitions.ts';
import { memoryRegions } from '../../lib/adapters/memory/regions.ts';
import { memoryUsageTotals } from '../../lib/adapters/memory/usage-totals.ts';
import { sha256OfFile } from '../../lib/adapters/node/file-digest.ts';
import { scratchFolder } from '../../lib/adapters/node/scratch-folder.ts';
import type { ClosePorts, EstimatePorts } from '../../lib/closing/closing-ports.ts';
import { parseRegion, type Region } from '../../lib/identifiers.ts';
import { usageKey } from '../../lib/metering/lake-keys.ts';
import { parseInstant } from '../../lib/period/instant.ts';
import type { MonthUsageReader } from '../../lib/ports/month-usage.ts';
import type { UsageRow } from '../../lib/rating/usage-row.ts';

export const PERIOD = '2026-10';
export const WEST: Region = parseRegion('west');

/** JSON lines stand for Parquet, whose reader has tests of its own. */
const jsonLinesUsage: MonthUsageReader = {
  async read({ usageFiles }, use) {
    const texts = await Promise.all(usageFiles.map((path) => readFile(path, 'utf8')));
    const rows = texts
      .flatMap((text) => text.split('\n').filter((line) => line !== ''))
      .map((line) => JSON.parse(line) as UsageRow);
    const last = rows.map(({ hour }) => parseInstant(hour) ?? 0).sort((a, b) => b - a)[0];
    return use({
      through: last === undefined ? null : last + 3_600_000_000,
      rows: (async function* () {
        yield* rows;
      })(),
    });
  },
};

export interface ClosingCloud {
  readonly ports: ClosePorts & EstimatePorts;
  readonly clock: { now: Date };
  readonly ledger: ReturnType<typeof memoryLedger>;
  readonly partitions: ReturnType<typeof memoryPartitions>;
  readonly configuration: ReturnType<typeof memoryConfigStore>;
  readonly audit: MemoryAuditLog;
  readonly events: ReturnType<typeof memoryEvents>;
  readonly documents: ReturnType<typeof memoryObjectStore>;
  readonly totals: ReturnType<typeof memoryUsageTotals>;
  /** A metered day: usage in the lake, a partition that is not due. */
  meter(date: string, rows: readonly UsageRow[]): Promise<void>;
  /** The body of a card or team. */
  configure(
    kind: 'rate-card' | 'team',
    body: { readonly id: string; readonly [key: string]: unknown },
  ): Promise<void>;
  check(run: string, issue?: boolean): Promise<{ revision: number; issued: boolean }>;
  rate(run: string, revision: number): Promise<{ sha256: string }>;
  issue(run: string, revision: number): Promise<unknown>;
  failed(run: string, cause?: string): Promise<unknown>;
  estimate(...dates: string[]): Promise<unknown>;
  /** The whole state machine, as far as it goes. */
  close(run: string, issue?: boolean): Promise<unknown>;
  documentsUnder(prefix: string): Promise<Record<string, string>>;
}

export const CARD = {
  id: 'std',
  currency: 'EUR',
  effectiveFrom: '2026-01-01',
  rules: [{ id: 'cores', measure: 'cores', price: { model: 'unit', unitPrice: '0.0125' } }],
};
export const TEAMS = [
  { id: 'payments', projects: [{ project: 'p1' }] },
  { id: 'search', projects: [{ project: 'p2', share: 60 }] },
];

export function usageRow(project: string, hour: string, quantity: string): UsageRow {
  return {
    region: WEST,
    project,
    resource: `${project}-1`,
    measure: 'cores',
    class: 'm1.small',
    hour,
    quantity,
  };
}

/** A region with two metered days, a card and two teams, on the third of the next month. */
export async function closingCloud(
  change: Partial<ClosePorts & EstimatePorts> = {},
): Promise<ClosingCloud> {
  const clock = { now: new Date('2026-11-03T02:00:00Z') };
  const [ledger, partitions] = [memoryLedger(), memoryPartitions()];
  const audit = memoryAuditLog();
  const events = memoryEvents();
  const [configuration, documents, lake] = [
    memoryConfigStore(audit),
    memoryObjectStore(() => clock.now),
    memoryObjectStore(() => clock.now),
  ];
  const [regions, lakeIndex, totals] = [memoryRegions(), memoryLakeIndex(), memoryUsageTotals()];
  const ports: ClosePorts & EstimatePorts = {
    bills: memoryBillStore(),
    regions,
    ledger,
    partitions,
    lakeIndex,
    totals,
    configuration,
    audit,
    budgets: memoryBudgetStates(),
    events,
    documents,
    lake,
    usage: jsonLinesUsage,
    names: memoryNameStore(),
    scratch: scratchFolder(),
    sha256OfFile,
    now: () => clock.now,
    codeVersion: 'abc123',
    patienceSeconds: 0,
    wait: async () => undefined,
    ...change,
  };
  const quiet = () => undefined;
  const closeStep = closeHandler({ ...ports, log: quiet });
  const rateStep = rateHandler({ ...ports, log: quiet });
  const of = (run: string) => ({ run, period: PERIOD, actor: 'ann' });
  const cloud: ClosingCloud = {
    ports,
    clock,
    ledger,
    partitions,
    configuration,
    audit,
    events,
    documents,
    totals,
    async meter(date, rows) {
      const key = { region: WEST, date, shard: 0 };
      await regions.ensure(WEST, clock.now);
      await lakeIndex.add([
        { region: WEST, date, key: `samples/${date}.parquet`, rows: rows.length },
      ]);
      await partitions.touch(key, { now: clock.now, delaySeconds: 0 });
      await lake.put(usageKey(key), Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')));
      const lease = await partitions.lease(key, { now: clock.now, seconds: 60 });
      if (lease) await partitions.complete(lease);
    },
    async configure(kind, body) {
      const present = await configuration.get(kind, body.id);
      await configuration.put({
        kind,
        id: body.id,
        body,
        actor: 'ann',
        updatedAt: clock.now.toISOString(),
        expectedVersion: present?.version ?? 0,
      });
    },
    check: (run, issue = false) =>
      closeStep({ step: 'check', ...of(run), issue }) as ReturnType<ClosingCloud['check']>,
    rate: (run, revision) =>
      rateStep({ mode: 'close', ...of(run), revision }) as ReturnType<ClosingCloud['rate']>,
    issue: (run, revision) => closeStep({ step: 'issue', ...of(run), revision }),
    failed: (run, cause = '{"errorType":"ProblemError","errorMessage":"it broke"}') =>
      closeStep({ step: 'failed', ...of(run), error: 'ProblemError', cause }),
    estimate: (...dates) =>
      rateStep({
        mode: 'estimate',
        months: [...new Set(dates.map((date) => date.slice(0, 7)))].toSorted(),
      }),
    async close(run, issue = false) {
      try {
        const { revision, issued } = await cloud.check(run, issue);
        if (issued) return { revision, issued };
        const rated = await cloud.rate(run, revision);
        return issue ? await cloud.issue(run, revision) : rated;
      } catch (error) {
        await cloud.failed(run, JSON.stringify({ errorMessage: (error as Error).message }));
        throw error;
      }
    },
    async documentsUnder(prefix) {
      const found: Record<string, string> = {};
      for await (const { key } of documents.list(prefix)) {
        found[key.slice(prefix.length)] = Buffer.from((await documents.get(key)) ?? []).toString();
      }
      return found;
    },
  };
  await cloud.meter('2026-10-05', [
    usageRow('p1', '2026-10-05T10:00:00Z', '100'),
    usageRow('p2', '2026-10-05T10:00:00Z', '10'),
  ]);
  await cloud.meter('2026-10-06', [usageRow('p1', '2026-10-06T00:00:00Z', '50.5')]);
  await cloud.configure('rate-card', CARD);
  for (const team of TEAMS) await cloud.configure('team', team);
  return cloud;
}
