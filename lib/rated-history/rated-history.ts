import * as z from 'zod';
import { assert } from '../assert.ts';
import { ProblemError } from '../errors.ts';
import type { Region } from '../identifiers.ts';
import type { Day } from '../period/calendar.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { RatedDays } from '../ports/rated-history.ts';
import type { Retractions, Withdrawable } from '../ports/retractions.ts';
import { DayRows } from './day-sums.ts';
import { type RatedRow, ratedRow } from './rated-row.ts';

export interface RatedHistoryPorts {
  readonly lake: Pick<ObjectStore, 'get' | 'put' | 'list'>;
  readonly days: RatedDays;
  readonly retractions: Pick<Retractions, 'list'>;
}

/** The rows of one ingest on one day. */
export interface ImportedRows {
  readonly date: Day;
  readonly rows: readonly RatedRow[];
}

/** What was rated elsewhere: its rows in the lake, and sums by the day beside them. */
export interface RatedHistory extends Withdrawable {
  /** Idempotent. */
  put(
    ingest: {
      readonly id: string;
      readonly region: Region;
      /** RFC 3339. */
      readonly receivedAt: string;
    },
    days: readonly ImportedRows[],
  ): Promise<void>;
}

const FOLDER = 'rated-history';
const ATTEMPTS_MAX = 30;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function ratedHistory(ports: RatedHistoryPorts): RatedHistory {
  return {
    async put({ id, region, receivedAt }, days) {
      for (const { date, rows } of days) {
        const head = JSON.stringify({ ingestId: id, receivedAt });
        const text = [head, ...rows.map((row) => JSON.stringify(row)), ''].join('\n');
        await ports.lake.put(`${folderOf(region, date)}${id}.jsonl`, encoder.encode(text), {
          contentType: 'application/x-ndjson',
        });
      }
      for (const { date } of days) await recountDay(ports, region, date);
    },
    async withdraw(region, ingestId) {
      // Its rows stay in the lake: the tombstone leaves them out, here as in every later count.
      for (const date of await datesOf(ports, region, ingestId)) {
        await recountDay(ports, region, date);
      }
    },
  };
}

function folderOf(region: Region, date: Day): string {
  return `${FOLDER}/region=${region}/date=${date}/`;
}

/** Days that the ingest has rows of; of all ingests without an id. */
export async function datesOf(
  { lake }: Pick<RatedHistoryPorts, 'lake'>,
  region: Region,
  ingestId?: string,
): Promise<Day[]> {
  const dates = new Set<Day>();
  for await (const { key } of lake.list(`${FOLDER}/region=${region}/`)) {
    const found = /\/date=(\d{4}-\d{2}-\d{2})\/([^/]+)\.jsonl$/.exec(key);
    if (!found) continue;
    const [, date = '', id] = found;
    if (ingestId === undefined || id === ingestId) dates.add(date);
  }
  return [...dates];
}

/**
 * Sums the day anew from all its rows in the lake, without those of withdrawn ingests: a pure function of
 * them. Whoever loses the race for the day counts again, and sees then what the winner saw.
 */
export async function recountDay(
  ports: RatedHistoryPorts,
  region: Region,
  date: Day,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const version = await ports.days.version(region, date);
    const retracted = new Set(await ports.retractions.list(region));
    const rows = new DayRows();
    for await (const { key } of ports.lake.list(folderOf(region, date))) {
      const body = await ports.lake.get(key);
      if (body !== null) addObject(rows, decoder.decode(body), retracted);
    }
    if (await ports.days.replace({ region, date, sums: rows.sums() }, version)) return;
  }
  throw new ProblemError(
    'busy',
    `The rated history of ${region} on ${date} is being written by many at once. Try again.`,
  );
}

const headSchema = z.strictObject({ ingestId: z.string(), receivedAt: z.iso.datetime() });

function addObject(rows: DayRows, text: string, retracted: ReadonlySet<string>): void {
  const [first, ...lines] = text.split('\n');
  assert(first !== undefined && first !== '', 'an object of rated history starts with its ingest');
  const head = headSchema.parse(JSON.parse(first));
  if (retracted.has(head.ingestId)) return;
  const receivedAt = Date.parse(head.receivedAt);
  for (const line of lines) {
    if (line !== '') rows.add(ratedRow.parse(JSON.parse(line)), receivedAt);
  }
}
