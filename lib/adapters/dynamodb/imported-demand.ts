import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { assert } from '../../assert.ts';
import type { Region } from '../../identifiers.ts';
import type { Day } from '../../period/calendar.ts';
import {
  IMPORTED_METRICS,
  type ImportedDay,
  type ImportedDemand,
} from '../../ports/capacity-store.ts';
import { overlaid } from '../imported-layers.ts';
import { regionSchema } from './stored-json.ts';
import { queryBetween, queryPrefix, type Table } from './table.ts';

const UPDATES_AT_ONCE = 16;
const LAYER = 'layer#';
const HOURS = 24;

/**
 * Each ingest's part of the day is an attribute of its own, `layer#<ingest id>`, so that parts merge without reading and
 * one can be taken out again: `<received at> <24 means as decimal text, between blanks, "-" for none>`, and of refusals
 * the SHA-256 of the content behind them.
 */
const rowSchema = z
  .strictObject({
    pk: z.string(),
    /** `<date>` of the region; `PROJECT#<project>#<date>` of a project. */
    sk: z.string(),
    date: z.iso.date().optional(),
    project: z.string().optional(),
    region: regionSchema,
    metric: z.enum(IMPORTED_METRICS),
  })
  .catchall(z.string());
type Row = z.output<typeof rowSchema>;

export function dynamodbImportedDemand(table: Table): ImportedDemand {
  return {
    async put(days) {
      for (let start = 0; start < days.length; start += UPDATES_AT_ONCE) {
        const atOnce = days.slice(start, start + UPDATES_AT_ONCE);
        await Promise.all(atOnce.map((day) => putLayer(table, day)));
      }
    },
    list: (region, metric, from, to) => listDays(table, { pk: pkOf(region, metric), from, to }),
    async listProject({ region, metric, project, from, to }) {
      const range = { from: skOf(from, project), to: skOf(to, project) };
      const days = await listDays(table, { pk: pkOf(region, metric), ...range });
      // The name of another project may continue as a key of this one does.
      return days.filter((day) => day.project === project);
    },
    async withdraw(region, ingestId) {
      const name = `${LAYER}${ingestId}`;
      for (const metric of IMPORTED_METRICS) {
        for await (const item of queryPrefix(table, pkOf(region, metric), '')) {
          const row = rowSchema.parse(item);
          if (row[name] !== undefined) await removeLayer(table, row, name);
        }
      }
    },
  };
}

async function listDays(
  table: Table,
  { pk, from, to }: { readonly pk: string; readonly from: string; readonly to: string },
): Promise<ImportedDay[]> {
  const items = await Array.fromAsync(queryBetween(table, pk, { from, to }));
  return items
    .map((item) => rowSchema.parse(item))
    .filter((row) => row.sk < to)
    .map(layersOf)
    .filter((layers) => layers.length > 0)
    .map(overlaid);
}

async function putLayer(table: Table, day: ImportedDay): Promise<void> {
  assert(day.hours.length === HOURS, 'a day has 24 hourly means');
  const { region, metric, date, project, ingestId, receivedAt, contentSha256 } = day;
  const hours = day.hours.map((mean) => (mean === null ? '-' : String(mean)));
  const fields = Object.entries({
    region,
    metric,
    ...(project === undefined ? {} : { date, project }),
    [`${LAYER}${ingestId}`]: [receivedAt, ...hours, contentSha256 ?? []].flat().join(' '),
  });
  const sets = fields.map((_, index) => `#n${index} = :v${index}`);
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: { pk: pkOf(region, metric), sk: skOf(date, project) },
      UpdateExpression: `SET ${sets.join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(
        fields.map(([name], index) => [`#n${index}`, name]),
      ),
      ExpressionAttributeValues: Object.fromEntries(
        fields.map(([, value], index) => [`:v${index}`, value]),
      ),
    }),
  );
}

async function removeLayer(table: Table, { pk, sk }: Row, name: string): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: { pk, sk },
      UpdateExpression: 'REMOVE #layer',
      ExpressionAttributeNames: { '#layer': name },
    }),
  );
}

function layersOf(row: Row): ImportedDay[] {
  return [...mergedLayer(row), ...ownLayers(row)];
}

/** A day from before layers were kept apart: an attribute an hour, `h00` to `h23`, of whom ever came last. */
function mergedLayer({ region, metric, sk: date, ...row }: Row): ImportedDay[] {
  const { ingestId } = row;
  if (ingestId === undefined) return [];
  const hours = Array.from({ length: HOURS }, (_, hour) => {
    const mean = row[`h${hour.toString().padStart(2, '0')}`];
    return mean === undefined ? null : Number(mean);
  });
  return [{ region, date, metric, hours, ingestId, receivedAt: '' }];
}

function ownLayers(row: Row): ImportedDay[] {
  return Object.entries(row).flatMap(([name, text]) => {
    if (!name.startsWith(LAYER) || text === undefined) return [];
    const [receivedAt = '', ...parts] = text.split(' ');
    const [contentSha256] = parts.slice(HOURS);
    return {
      region: row.region,
      date: row.date ?? row.sk,
      metric: row.metric,
      ...(row.project === undefined ? {} : { project: row.project }),
      hours: parts.slice(0, HOURS).map((mean) => (mean === '-' ? null : Number(mean))),
      ingestId: name.slice(LAYER.length),
      receivedAt,
      ...(contentSha256 === undefined ? {} : { contentSha256 }),
    };
  });
}

function skOf(date: Day, project: string | undefined): string {
  return project === undefined ? date : `PROJECT#${project}#${date}`;
}

function pkOf(region: Region, metric: string): string {
  return `IMPORTED#${region}#${metric}`;
}
