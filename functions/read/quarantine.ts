import { ProblemError } from '../../lib/errors.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import { type QuarantinedRow, quarantinedRows } from '../../lib/quarantine/quarantine-file.ts';
import { listQuarantine, listQuarantinedRows } from '../http/contracts/quarantine.ts';
import { decodeCursor, encodeCursor } from '../http/cursor.ts';
import { requireRegion } from '../http/known-region.ts';
import { quarantineView } from '../http/quarantine-view.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { ReadPorts } from './ports.ts';

/** Ingests looked at for one page: most have nothing in quarantine. */
const LOOKED_AT_MAX = 1_000;
const LOOKED_AT_ONCE = 200;
/** Of the rows of one page: an answer of Lambda has 6 MiB at most, and JSON in JSON grows. */
const PAGE_CHARACTERS_MAX = 2_000_000;
const URL_SECONDS = 900;

type QuarantinePorts = Pick<ReadPorts, 'ledger' | 'lake' | 'regions'>;

export function quarantineRoutes(ports: QuarantinePorts): Implementation[] {
  const { ledger, lake } = ports;
  return [
    implement(listQuarantine, async ({ query }) => {
      const { region, code, limit } = query;
      await requireRegion(ports.regions, region);
      const list = `quarantine ${region} ${code ?? ''}`;
      const found: Ingest[] = [];
      let before = decodeCursor(list, query.cursor);
      for (let lookedAt = 0; lookedAt < LOOKED_AT_MAX; ) {
        const page = await ledger.list({
          region,
          limit: Math.min(LOOKED_AT_ONCE, Math.max(limit - found.length, 1)),
          ...(before === null ? {} : { before }),
        });
        found.push(...page.items.filter((ingest) => isQuarantined(ingest, code)));
        before = page.next;
        lookedAt += page.items.length;
        if (before === null || found.length >= limit) break;
      }
      return json(200, {
        items: await Promise.all(found.map((ingest) => quarantineView(ledger, ingest))),
        nextCursor: before === null ? null : encodeCursor(list, before),
      });
    }),
    implement(listQuarantinedRows, async ({ params, query }) => {
      const ingest = await ledger.get(params.id);
      if (ingest === null) throw new ProblemError('not_found', `There is no ingest ${params.id}.`);
      const list = `quarantined ${params.id} ${query.code ?? ''}`;
      const start = Number(decodeCursor(list, query.cursor) ?? 0);
      const rows = quarantinedRows(lake, ingest, query.code ?? null);
      const { items, more } = await pageOfRows(rows, start, query.limit);
      const { quarantineKey } = ingest;
      return json(200, {
        ingest: await quarantineView(ledger, ingest),
        items,
        nextCursor: more ? encodeCursor(list, String(start + items.length)) : null,
        url:
          quarantineKey === null
            ? null
            : await lake.presignGet(quarantineKey, {
                expiresSeconds: URL_SECONDS,
                fileName: `quarantine-${ingest.id}.jsonl`,
              }),
      });
    }),
  ];
}

function isQuarantined({ counts, reasons }: Ingest, code: string | undefined): boolean {
  if (counts.quarantined === 0) return false;
  return code === undefined || reasons.some((reason) => reason.code === code);
}

/** Rows from the `start`th on: as many as fit a page, and at least one. */
async function pageOfRows(
  rows: AsyncIterable<QuarantinedRow>,
  start: number,
  limit: number,
): Promise<{ readonly items: readonly QuarantinedRow[]; readonly more: boolean }> {
  const items: QuarantinedRow[] = [];
  let characters = 0;
  let index = 0;
  for await (const row of rows) {
    index += 1;
    if (index <= start) continue;
    characters += row.row.length;
    const isFull = items.length === limit || characters > PAGE_CHARACTERS_MAX;
    if (isFull && items.length > 0) return { items, more: true };
    items.push(row);
  }
  return { items, more: false };
}
