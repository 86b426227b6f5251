import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import * as z from 'zod';
import { jsonEndpoint } from '../json-endpoint.ts';

const putSchema = z.looseObject({
  Entries: z
    .array(
      z.looseObject({
        Source: z.string(),
        DetailType: z.string(),
        Detail: z.string(),
        EventBusName: z.string().default('default'),
        /** Epoch seconds. */
        Time: z.number().optional(),
      }),
    )
    .min(1)
    .max(10),
});

export interface EventsOptions {
  /** Names of the buses that the app declares. */
  readonly buses: readonly string[];
  /** JSON lines in the form that EventBridge delivers: nobody but people reads it. */
  readonly file: string;
  readonly region: string;
  readonly account: string;
}

/** EventBridge's PutEvents: events are appended to a file. */
export function createEventsEndpoint(options: EventsOptions): RequestListener {
  return jsonEndpoint({
    version: '1.1',
    actions: { 'AWSEvents.PutEvents': (body) => putEvents(putSchema.parse(body), options) },
    invalid: 'ValidationException',
    internal: 'InternalException',
  });
}

async function putEvents(
  { Entries }: z.output<typeof putSchema>,
  options: EventsOptions,
): Promise<unknown> {
  const results = Entries.map((entry) => accept(entry, options));
  const lines = results.flatMap(({ line }) => (line === null ? [] : [`${line}\n`]));
  // One write for all: whoever reads the file sees whole lines.
  if (lines.length > 0) await appendFile(options.file, lines.join(''));
  return {
    FailedEntryCount: results.length - lines.length,
    Entries: results.map(({ result }) => result),
  };
}

type Entry = z.output<typeof putSchema>['Entries'][number];

function accept(
  entry: Entry,
  { buses, region, account }: EventsOptions,
): { readonly line: string | null; readonly result: Record<string, string> } {
  const bus = entry.EventBusName.split('/').at(-1) ?? '';
  const detail = detailOf(entry.Detail);
  if (detail === null) return refused('MalformedDetail', 'Detail is malformed.');
  if (!buses.includes(bus)) return refused('InvalidArgument', `There is no event bus ${bus}.`);
  const id = randomUUID();
  const line = JSON.stringify({
    version: '0',
    id,
    'detail-type': entry.DetailType,
    source: entry.Source,
    account,
    time: new Date((entry.Time ?? Date.now() / 1_000) * 1_000).toISOString(),
    region,
    resources: [],
    detail,
  });
  return { line, result: { EventId: id } };
}

function refused(ErrorCode: string, ErrorMessage: string) {
  return { line: null, result: { ErrorCode, ErrorMessage } };
}

function detailOf(text: string): object | null {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : null;
  } catch {
    return null;
  }
}
