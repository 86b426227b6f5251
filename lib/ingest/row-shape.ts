import { type Member, sortMembers } from './canonical-json.ts';
import { CEILOMETER_API_V2 } from './formats/ceilometer-api-v2.ts';
import { CEILOMETER_MESSAGING } from './formats/ceilometer-messaging.ts';
import { CEILOMETER_PUBLISHER } from './formats/ceilometer-publisher.ts';
import type { SampleDialect } from './formats/sample-dialect.ts';

/** Where the parts of a sample stand among the members of a row; -1 where there is none. */
export interface RowShape {
  readonly keys: readonly string[];
  readonly dialect: SampleDialect;
  /** Members by sorted key, without the earlier ones of a key given twice. */
  readonly sorted: readonly number[];
  /** Of each member its key as canonical JSON, with the colon. */
  readonly keyTexts: readonly string[];
  readonly meter: number;
  readonly type: number;
  readonly unit: number;
  readonly volume: number;
  readonly messageId: number;
  readonly metadata: number;
  readonly project: number;
  readonly user: number;
  readonly resource: number;
  readonly timestamp: number;
  readonly source: number;
  /** The rest, by sorted key, that two rows must agree in to be one reading told twice. */
  readonly others: readonly number[];
  /** By sorted key, in which two tellings of one reading may differ. */
  readonly tellings: readonly number[];
}

/** Keys in which two tellings of one reading may differ, sorted. */
const OF_THE_TELLING = ['message_signature', 'monotonic_time', 'recorded_at'];

/** The key set that an object of these keys is a sample in; null when it is none. */
export function dialectOf(keys: readonly string[]): SampleDialect | null {
  if (keys.includes('counter_name')) return CEILOMETER_MESSAGING;
  if (keys.includes('meter') && keys.includes('volume')) return CEILOMETER_API_V2;
  if (keys.includes('name') && keys.includes('volume')) return CEILOMETER_PUBLISHER;
  return looksLikeSample(keys) ? fallbackDialect(keys) : null;
}

/** A sample that lacks its meter or its volume is still a sample, and is told what it lacks. */
function looksLikeSample(keys: readonly string[]): boolean {
  return keys.includes('resource_id') && keys.includes('timestamp');
}

function fallbackDialect(keys: readonly string[]): SampleDialect {
  if (keys.includes('counter_volume') || keys.includes('counter_type')) return CEILOMETER_MESSAGING;
  return keys.includes('meter') ? CEILOMETER_API_V2 : CEILOMETER_PUBLISHER;
}

/** Null when a row of these members is no sample. */
export function shapeOf(members: readonly Member[]): RowShape | null {
  const keys = members.map((member) => member.key);
  const dialect = dialectOf(keys);
  if (!dialect) return null;
  const places = new Map(members.map((member, index) => [member, index]));
  const sorted = sortMembers(members).map((member) => places.get(member) ?? -1);
  const at = (key: string) => sorted.find((index) => keys[index] === key) ?? -1;
  const columns = {
    meter: at(dialect.meter),
    type: at(dialect.type),
    unit: at(dialect.unit),
    volume: at(dialect.volume),
    messageId: at(dialect.messageId),
    metadata: at(dialect.metadata),
    project: at('project_id'),
    user: at('user_id'),
    resource: at('resource_id'),
    timestamp: at('timestamp'),
    source: at('source'),
  };
  const tellings = OF_THE_TELLING.map(at).filter((index) => index !== -1);
  const taken = new Set([...Object.values(columns), ...tellings]);
  const others = sorted.filter((index) => !taken.has(index));
  const keyTexts = keys.map((key) => `${JSON.stringify(key)}:`);
  return { keys, dialect, sorted, keyTexts, ...columns, others, tellings };
}

/** Rows of one source have their keys in one order: the shape of the last row mostly fits. */
export class ShapeMemory {
  #last: RowShape | null = null;

  of(members: readonly Member[]): RowShape | null {
    if (this.#last && fits(this.#last.keys, members)) return this.#last;
    const shape = shapeOf(members);
    if (shape) this.#last = shape;
    return shape;
  }
}

function fits(keys: readonly string[], members: readonly Member[]): boolean {
  if (keys.length !== members.length) return false;
  for (let index = 0; index < keys.length; index += 1) {
    if (keys[index] !== members[index]?.key) return false;
  }
  return true;
}
