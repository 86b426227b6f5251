import type { Decimal } from '../../decimal/decimal.ts';
import { ProblemError } from '../../errors.ts';
import type { InstantUs } from '../../period/instant.ts';
import { pointerTo } from '../validate.ts';
import {
  decimalOf,
  instantOf,
  invalid,
  listOf,
  optionalText,
  type Row,
  rowOf,
  textOf,
} from './rule-row.ts';

export interface HashmapRule {
  readonly service: string;
  /** Null: the rule is of the service as a whole. */
  readonly field: string | null;
  readonly group: string;
  readonly type: 'flat' | 'rate';
  readonly cost: Decimal;
  /** Null: of every scope. */
  readonly tenant: string | null;
}

/** Applies to a service, or to a field's value as Python writes it. */
export interface HashmapMapping extends HashmapRule {
  readonly value: string | null;
  readonly start: InstantUs | null;
  readonly end: InstantUs | null;
}

/** Applies from a level on: of the quantity, or of a field's value. */
export interface HashmapThreshold extends HashmapRule {
  readonly level: Decimal;
}

/** A configuration of CloudKitty's `hashmap`, with names in the place of ids. */
export interface HashmapRules {
  readonly mappings: readonly HashmapMapping[];
  readonly thresholds: readonly HashmapThreshold[];
}

/** The group of rules that name none. */
const DEFAULT_GROUP = '_DEFAULT_';

/**
 * Reads a hashmap configuration: the answers of CloudKitty's v1 API (`services`, `fields`, `groups`,
 * `mappings`, `thresholds`, joined by their ids), or rules that name service, field and group.
 *
 * @param document JSON read by `parseWithNumberTexts`
 * @throws ProblemError `invalid`, with the place of the first fault; `refused` for pyscripts
 */
export function readHashmapRules(document: unknown): HashmapRules {
  const root = rowOf(document, '');
  refuseScripts(root);
  const names = namesOf(root);
  const mappings = listOf(root, 'mappings').flatMap((row, index) =>
    row['deleted'] === true || isTruthyText(row['deleted'])
      ? []
      : [mappingOf(row, pointerTo('mappings', index), names)],
  );
  const thresholds = listOf(root, 'thresholds').map((row, index) =>
    thresholdOf(row, pointerTo('thresholds', index), names),
  );
  return { mappings, thresholds };
}

/** CloudKitty keeps when a rule was deleted in some versions, and whether in others. */
function isTruthyText(deleted: unknown): boolean {
  return typeof deleted === 'string' && deleted !== '' && deleted !== 'false';
}

function refuseScripts(root: Row): void {
  if (root['scripts'] === undefined && root['pyscripts'] === undefined) return;
  throw new ProblemError(
    'refused',
    'This holds pyscripts: programs in Python, which are not run here. Say what each script charges as rules of a rate card (graduated, volume, package, flat, with allowances and minimums) or as adjustments, and import the hashmap part alone.',
  );
}

interface Names {
  readonly services: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, string>;
  readonly fields: ReadonlyMap<string, { readonly name: string; readonly service: string }>;
}

function namesOf(root: Row): Names {
  const services = new Map<string, string>();
  for (const row of listOf(root, 'services')) {
    services.set(textOf(row, 'service_id', '/services'), textOf(row, 'name', '/services'));
  }
  const groups = new Map<string, string>();
  for (const row of listOf(root, 'groups')) {
    groups.set(textOf(row, 'group_id', '/groups'), textOf(row, 'name', '/groups'));
  }
  const fields = new Map<string, { name: string; service: string }>();
  for (const row of listOf(root, 'fields')) {
    const service = services.get(textOf(row, 'service_id', '/fields'));
    if (service === undefined) throw invalid('/fields', 'names a service_id that no service has');
    const name = textOf(row, 'name', '/fields');
    fields.set(textOf(row, 'field_id', '/fields'), { name, service });
  }
  return { services, groups, fields };
}

function ruleOf(row: Row, at: string, names: Names): HashmapRule {
  const type = row['type'] ?? row['map_type'] ?? 'flat';
  if (type !== 'flat' && type !== 'rate') throw invalid(`${at}/type`, 'must be flat or rate');
  return {
    ...parentOf(row, at, names),
    group: groupOf(row, at, names),
    type,
    cost: decimalOf(row, 'cost', at),
    tenant: optionalText(row, 'tenant', at) ?? optionalText(row, 'tenant_id', at),
  };
}

function parentOf(row: Row, at: string, names: Names): Pick<HashmapRule, 'service' | 'field'> {
  const service = optionalText(row, 'service', at);
  if (service !== null) return { service, field: optionalText(row, 'field', at) };
  const fieldId = optionalText(row, 'field_id', at);
  if (fieldId !== null) {
    const field = names.fields.get(fieldId);
    if (!field) throw invalid(`${at}/field_id`, `no field has the id "${fieldId}"`);
    return { service: field.service, field: field.name };
  }
  const serviceId = textOf(row, 'service_id', at);
  const name = names.services.get(serviceId);
  if (name === undefined) {
    throw invalid(`${at}/service_id`, `no service has the id "${serviceId}"`);
  }
  return { service: name, field: null };
}

function groupOf(row: Row, at: string, names: Names): string {
  const name = optionalText(row, 'group', at);
  if (name !== null) return name;
  const id = optionalText(row, 'group_id', at);
  if (id === null) return DEFAULT_GROUP;
  const group = names.groups.get(id);
  if (group === undefined) throw invalid(`${at}/group_id`, `no group has the id "${id}"`);
  return group;
}

function mappingOf(row: Row, at: string, names: Names): HashmapMapping {
  const rule = ruleOf(row, at, names);
  const value = optionalText(row, 'value', at);
  if (rule.field !== null && value === null) {
    throw invalid(`${at}/value`, 'is missing: a mapping of a field names the value it applies to');
  }
  return {
    ...rule,
    value: rule.field === null ? null : value,
    start: instantOf(row, 'start', at),
    end: instantOf(row, 'end', at),
  };
}

function thresholdOf(row: Row, at: string, names: Names): HashmapThreshold {
  return { ...ruleOf(row, at, names), level: decimalOf(row, 'level', at) };
}
