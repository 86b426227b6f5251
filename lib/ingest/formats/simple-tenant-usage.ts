import { formatInstant, type InstantUs } from '../../period/instant.ts';
import { partsByDay, type Reading } from '../derived-sample.ts';
import { type DerivedRow, derivedSink } from '../derived-sink.ts';
import { NOVA_SOURCE } from '../nova-source.ts';
import { ObjectRefused, RowRefused } from '../refusal.ts';
import { parseTolerantly } from '../tolerant-json.ts';
import { unreadableRow } from '../unreadable-row.ts';
import type { Format, FormatFile, Recogniser } from './format.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { optionalInstant, optionalText, withoutEmpty } from './nova-event.ts';

const FAULTS =
  "Nova's simple tenant usage sees no stops, and knows state and flavor as they are now only: it charges the whole period by them. Its local_gb (root and ephemeral disk) counts as disk.root.size.";
const NEXT_PAGE =
  'The answer names a next page: unless that was sent too, the instances on it are missing.';

/** `GET /os-simple-tenant-usage?detailed=1`, or of one project; a row is one of its server_usages. */
const FORMAT: Format = {
  name: 'simple-tenant-usage',
  rowsAreSamples: false,
  open(batch, options) {
    const told = { rows: 0, hasNextPage: false };
    return derivedSink(batch, options, {
      rowsOf(text, line) {
        const answer = parseTolerantly(text);
        if (!isJsonObject(answer)) throw unreadableRow(text);
        if (linksOf(answer).some(({ rel }) => rel === 'next')) told.hasNextPage = true;
        const rows = usagesOf(answer).flatMap((usage) => rowsOf(usage, options.putAt, line));
        told.rows += rows.length;
        return rows;
      },
      warning: () =>
        told.rows === 0 ? NO_USAGE : `${FAULTS}${told.hasNextPage ? ` ${NEXT_PAGE}` : ''}`,
    });
  },
};

const NO_USAGE = 'The answers name no instance: nothing was used in their period.';

const recognise: Recogniser = ({ value }) => {
  if (!isJsonObject(value)) return null;
  return Array.isArray(value['tenant_usages']) || isJsonObject(value['tenant_usage'])
    ? FORMAT
    : null;
};

export const SIMPLE_TENANT_USAGE: FormatFile = { formats: [FORMAT], recognise };

function usagesOf(answer: JsonObject): JsonObject[] {
  const all = answer['tenant_usages'] ?? [answer['tenant_usage']];
  if (Array.isArray(all)) return all.filter(isJsonObject);
  throw new RowRefused(
    'not_a_usage',
    'The row has neither tenant_usages nor tenant_usage: it is no answer of os-simple-tenant-usage.',
  );
}

function linksOf(answer: JsonObject): JsonObject[] {
  const links = answer['tenant_usages_links'] ?? answer['tenant_usage_links'];
  return Array.isArray(links) ? links.filter(isJsonObject) : [];
}

/** @throws ObjectRefused where the project's usage is summed over its instances */
function rowsOf(usage: JsonObject, putAt: InstantUs, line: number): DerivedRow[] {
  const { server_usages: servers, ...project } = usage;
  if (servers === undefined && Object.keys(project).length > 0) {
    throw new ObjectRefused(
      'no_server_usages',
      `The usage at line ${line} is summed over the instances of a project and names none: nothing can be metered from sums. Ask Nova with detailed=1 (GET /os-simple-tenant-usage?detailed=1), or for one project.`,
    );
  }
  if (!Array.isArray(servers)) return [];
  return servers.map((server: unknown) => ({
    // What can be sent again by itself.
    row: JSON.stringify({ tenant_usages: [{ ...project, server_usages: [server] }] }),
    source: NOVA_SOURCE,
    messageId: '',
    readings: () => readingsOf(isJsonObject(server) ? server : {}, project, putAt),
  }));
}

/** @throws RowRefused */
function readingsOf(server: JsonObject, project: JsonObject, putAt: InstantUs): Reading[] {
  const start = required(project, 'start');
  const stop = required(project, 'stop');
  if (stop < start) {
    throw new RowRefused(
      'period_reversed',
      `The period from ${formatInstant(start)} to ${formatInstant(stop)} ends before it starts.`,
    );
  }
  const startedAt = required(server, 'started_at');
  const endedAt = optionalInstant(server['ended_at'], 'ended_at');
  // What lies ahead of the answer is no usage yet.
  const end = Math.min(stop, endedAt ?? stop, putAt);
  const state = endedAt === null ? optionalText(server['state']) : '';
  const parts = partsByDay(Math.max(start, startedAt), end);
  const readings = parts.flatMap((part) => metersOf(server, project, { ...part, state }));
  if (endedAt === null || endedAt < start || endedAt > stop) return readings;
  const gone = { time: endedAt, heldUntil: null, state: 'deleted' };
  return [...readings, ...metersOf(server, project, gone)];
}

function required(object: JsonObject, name: string): InstantUs {
  const instant = optionalInstant(object[name], name);
  if (instant !== null) return instant;
  throw new RowRefused('timestamp_missing', `The usage has no ${name}.`);
}

/** `instance` first: it stands for the row in the counts. */
function metersOf(
  server: JsonObject,
  project: JsonObject,
  told: Pick<Reading, 'time' | 'heldUntil'> & { readonly state: string },
): Reading[] {
  const { vcpus, memory_mb: memory, local_gb: disk } = server;
  const { state, time, heldUntil } = told;
  const metadata = withoutEmpty({
    display_name: server['name'],
    flavor: withoutEmpty({ name: server['flavor'], vcpus, ram: memory, disk }),
    state,
  });
  const of = (meter: string, unit: string, size: unknown): Reading[] => [
    {
      project: optionalText(server['tenant_id'] ?? project['tenant_id']),
      user: '',
      resource: optionalText(server['instance_id']),
      meter,
      unit,
      volume: typeof size === 'number' ? String(size) : '',
      time,
      heldUntil,
      metadata,
    },
  ];
  return [
    ...of('instance', 'instance', 1),
    ...of('vcpus', 'vcpu', vcpus),
    ...of('memory', 'MiB', memory),
    ...of('disk.root.size', 'GiB', disk),
  ];
}
