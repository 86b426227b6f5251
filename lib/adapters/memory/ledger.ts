import { compareText } from '../../identifiers.ts';
import { replayedIngest } from '../../ingest/replay-key.ts';
import type { Ingest, Ledger } from '../../ports/ledger.ts';
import { inOrderOfArrival } from '../ingest-order.ts';

export function memoryLedger(): Ledger {
  const ingests = new Map<string, Ingest>();
  const finalObjects = new Set<string>();
  return {
    async put(ingest) {
      const present = ingests.get(ingest.id);
      if (ingest.state === 'running' && present && present.state !== 'running') return;
      const isTakenBack = present?.state === 'retracted' && ingest.state !== 'retracted';
      if (!isTakenBack) ingests.set(ingest.id, structuredClone(ingest));
      if (ingest.state !== 'running') {
        finalObjects.add(objectName(ingest.region, ingest.key, new Date(ingest.receivedAt)));
      }
    },
    async get(id) {
      return structuredClone(ingests.get(id) ?? null);
    },
    async findByKey(region, key) {
      const newest = [...ingests.values()]
        .filter((ingest) => ingest.region === region && ingest.key === key)
        .toSorted((a, b) => compareText(cursorOf(b), cursorOf(a)))[0];
      return structuredClone(newest ?? null);
    },
    async isFinal(region, key, putAt) {
      return finalObjects.has(objectName(region, key, putAt));
    },
    async list({ region, limit, before }) {
      const rows = [...ingests.values()]
        .filter((ingest) => ingest.region === region)
        .map((ingest) => ({ ingest, cursor: cursorOf(ingest) }))
        .filter(({ cursor }) => before === undefined || compareText(cursor, before) < 0)
        .toSorted((a, b) => compareText(b.cursor, a.cursor));
      const page = rows.slice(0, limit);
      return {
        items: page.map(({ ingest }) => structuredClone(ingest)),
        next: rows.length > page.length ? (page.at(-1)?.cursor ?? null) : null,
      };
    },
    async replaysOf(id) {
      const replays = [...ingests.values()].filter(({ key }) => replayedIngest(key) === id);
      return inOrderOfArrival(replays).map((ingest) => structuredClone(ingest));
    },
    async countRunning(region) {
      return [...ingests.values()].filter(
        (ingest) => ingest.region === region && ingest.state === 'running',
      ).length;
    },
  };
}

/** Put times are known to the second: some answers of S3 give no more. */
function objectName(region: string, key: string, putAt: Date): string {
  return `${region} ${Math.floor(putAt.getTime() / 1_000)} ${key}`;
}

function cursorOf(ingest: Ingest): string {
  return `${new Date(ingest.receivedAt).toISOString()}#${ingest.id}`;
}
