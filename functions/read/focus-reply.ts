import { focusCsv } from '../../lib/billing/export/focus-csv.ts';
import { focusRows } from '../../lib/billing/export/focus-rows.ts';
import { type StandingExportPorts, standingExport } from '../../lib/closing/standing-export.ts';
import type { Month } from '../../lib/period/calendar.ts';
import { csv, type Reply } from '../http/reply.ts';

/** The bills and notes of a month as FOCUS in CSV; what is too large for one answer is for a job. */
export async function focusReply(
  ports: StandingExportPorts,
  of: { readonly period: Month; readonly team: string | null },
): Promise<Reply> {
  const rows = focusRows(await standingExport(ports, of));
  const name = of.team === null ? `focus-${of.period}.csv` : `focus-${of.period}-${of.team}.csv`;
  return csv(focusCsv(rows, { inert: true }), name);
}
