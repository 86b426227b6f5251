import { ObjectRefused } from '../refusal.ts';
import type { FormatFile, Recogniser } from './format.ts';
import { isJsonObject } from './json-object.ts';

interface KnownAsOther {
  readonly code: string;
  readonly advice: string;
}

const NAMES: KnownAsOther = {
  code: 'names',
  advice:
    'This is a list of names in Keystone. Give it to headroom names import, so that tables show them.',
};
const QUOTAS: KnownAsOther = {
  code: 'quotas',
  advice:
    'These are quotas or limits: what somebody may use is not what was used. Send usage: samples of Ceilometer, notifications of Nova, or GET /os-simple-tenant-usage?detailed=1.',
};

/** Answers of OpenStack's APIs, by their outermost member. */
const ANSWERS: Readonly<Record<string, KnownAsOther>> = {
  servers: {
    code: 'bare_servers',
    advice:
      'This is a list of servers, which does not say when it was true, nor since when. Send GET /os-simple-tenant-usage?detailed=1, notifications of Nova, or what openstack-exporter exposes. For the names of the servers: headroom names import.',
  },
  volumes: {
    code: 'bare_volumes',
    advice:
      'This is a list of volumes, which does not say when it was true. Send samples of volume.size, what openstack-exporter exposes of cinder, or a table of usage (docs/formats.md). For the names of the volumes: headroom names import.',
  },
  projects: NAMES,
  users: NAMES,
  quota_set: QUOTAS,
  quotas: QUOTAS,
  limits: QUOTAS,
  pools: {
    code: 'storage_pools',
    advice:
      'These are storage pools of Cinder: capacity is known of hosts, by inventories of Placement or hypervisors of Nova. Send those.',
  },
};

const FOCUS: KnownAsOther = {
  code: 'focus_costs',
  advice:
    'This is a FOCUS table: costs, as they were charged, and no usage. Send what the costs were charged for; as a table, with the columns in docs/formats.md.',
};
const SETTINGS: KnownAsOther = {
  code: 'settings',
  advice:
    'This is YAML, as settings are written in, and no usage. Send what the service exported: docs/formats.md tells the formats.',
};

const FOCUS_HEADER =
  /\b(?:BilledCost|EffectiveCost|ChargePeriodStart|ChargeCategory)\b.*,|,.*\bBilledCost\b/;
/** A key alone on its line, or an item of a list. */
const YAML = /^(?:[A-Za-z_][\w-]*:|-|- \w+: .*)\s*$/;

/** Characters of a line; what is told from them takes longer with each. */
const LOOKED_AT = 2_000;

const recognise: Recogniser = ({ text, value }) => {
  const known = isJsonObject(value) ? answerIn(value) : value === undefined ? textIn(text) : null;
  if (known) throw new ObjectRefused(known.code, known.advice);
  return null;
};

/** What is often sent and holds no usage: each is told what to send instead. */
export const NOT_USAGE: FormatFile = { formats: [], recognise };

function answerIn(value: object): KnownAsOther | null {
  const [member] = Object.entries(ANSWERS).find(([name]) => Object.hasOwn(value, name)) ?? [];
  return member === undefined ? null : (ANSWERS[member] ?? null);
}

function textIn(text: string): KnownAsOther | null {
  const start = text.slice(0, LOOKED_AT);
  if (FOCUS_HEADER.test(start)) return FOCUS;
  return YAML.test(start) ? SETTINGS : null;
}
