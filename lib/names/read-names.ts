import { ProblemError } from '../errors.ts';
import { isOpaqueId } from '../identifiers.ts';
import type { Name, NameKind } from '../ports/names.ts';
import { csvRecords } from './csv-records.ts';

/** Of one name, in UTF-16 units. */
const NAME_LENGTH_MAX = 1_024;

type Json = Readonly<Record<string, unknown>>;

interface Entry {
  readonly kind: NameKind | null;
  readonly id: unknown;
  readonly name: unknown;
  readonly domain: unknown;
  /** `row 3`, for messages. */
  readonly place: string;
}

export interface ReadNames {
  readonly names: readonly Name[];
  /** Rows that could not be taken, in words: each costs itself alone. */
  readonly faults: readonly string[];
}

/**
 * Reads names from what an operator can export: bodies of Keystone's `GET /v3/projects` and `/v3/users`
 * (and of Nova's servers and Cinder's volumes, whose ids are resources), `openstack ... list -f json`
 * or `-f csv`, and CSV with the columns kind, id, name and, if you like, domain.
 *
 * @param kind of lists that do not say what their ids are
 * @throws ProblemError `invalid` when the text as a whole is none of these
 */
export function readNames(text: string, kind: NameKind | null = null): ReadNames {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  const entries = /^[[{]/.test(trimmed) ? jsonEntries(trimmed, kind) : csvEntries(trimmed, kind);
  const names: Name[] = [];
  const faults: string[] = [];
  for (const entry of entries) {
    const read = readEntry(entry);
    if (typeof read === 'string') faults.push(`${entry.place}: ${read}`);
    else if (read !== null) names.push(read);
  }
  return { names, faults };
}

/** Null: a thing without a name, such as a server that was never given one. */
function readEntry({ kind, id, name, domain }: Entry): Name | string | null {
  if (kind === null) return 'kind must be project, user or resource';
  if (typeof id !== 'string' || !isOpaqueId(id) || !id.isWellFormed()) {
    return 'id must be text of 1 to 255 bytes';
  }
  if (name === null || name === undefined || name === '') return null;
  if (typeof name !== 'string' || !name.isWellFormed() || name.length > NAME_LENGTH_MAX) {
    return `name must be text of up to ${NAME_LENGTH_MAX} characters`;
  }
  return { kind, id, name, domain: typeof domain === 'string' && domain !== '' ? domain : null };
}

const LISTS: readonly (readonly [key: string, kind: NameKind])[] = [
  ['projects', 'project'],
  ['tenants', 'project'],
  ['users', 'user'],
  ['servers', 'resource'],
  ['volumes', 'resource'],
];

function jsonEntries(text: string, kind: NameKind | null): Entry[] {
  const value = parse(text);
  if (Array.isArray(value)) return value.flatMap((one, index) => listEntry(one, index, kind));
  const body = isObject(value) ? value : {};
  for (const [key, of] of LISTS) {
    const list = body[key];
    if (Array.isArray(list)) return list.flatMap((one, index) => listEntry(one, index, of));
  }
  throw new ProblemError(
    'invalid',
    'The JSON is no list of names: give a body of GET /v3/projects or /v3/users, or what "openstack project list -f json" prints.',
  );
}

/** `openstack` writes ID and Name, the APIs id and name. */
function listEntry(one: unknown, index: number, kind: NameKind | null): Entry[] {
  const place = `entry ${index + 1}`;
  if (!isObject(one)) return [{ kind, id: null, name: null, domain: null, place }];
  const told = Object.fromEntries(
    Object.entries(one).map(([key, value]) => [key.toLowerCase().replaceAll(' ', '_'), value]),
  );
  return [
    {
      kind: kindOf(told['kind']) ?? kind ?? guessedKind(told),
      id: told['id'],
      name: told['name'],
      domain: told['domain'] ?? told['domain_id'],
      place,
    },
  ];
}

/** Columns that only one of the lists of `openstack` has. */
function guessedKind(told: Json): NameKind | null {
  if ('email' in told || 'default_project_id' in told) return 'user';
  if ('networks' in told || 'flavor' in told || 'size' in told) return 'resource';
  return 'is_domain' in told || 'parent_id' in told ? 'project' : null;
}

function kindOf(value: unknown): NameKind | null {
  return value === 'project' || value === 'user' || value === 'resource' ? value : null;
}

function csvEntries(text: string, kind: NameKind | null): Entry[] {
  const [head, ...records] = csvRecords(text);
  const columns = head?.fields.map((field) => field.trim().toLowerCase()) ?? [];
  const [id, name] = [columns.indexOf('id'), columns.indexOf('name')];
  if (id === -1 || name === -1) {
    throw new ProblemError(
      'invalid',
      'The first line of the CSV must name its columns: kind,id,name and, if you like, domain.',
    );
  }
  const [of, domain] = [columns.indexOf('kind'), columns.indexOf('domain')];
  return records.map(({ fields, line }) => ({
    kind: of === -1 ? kind : kindOf(fields[of]?.trim().toLowerCase()),
    id: fields[id]?.trim(),
    name: fields[name],
    domain: domain === -1 ? null : fields[domain],
    place: `line ${line}`,
  }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProblemError('invalid', `It starts as JSON, and is none: ${reason}`);
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
