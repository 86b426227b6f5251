import type { InstantUs } from '../../lib/period/instant.ts';
import { PROJECT_IDS } from './config.ts';
import type { Random } from './random.ts';

interface Reading {
  readonly name: string;
  readonly type: 'gauge' | 'cumulative' | 'delta';
  readonly unit: string;
  readonly volume: number;
  readonly resource: string;
}

/** One line as the file publisher with `?json` writes it. Built as text: there are a million of them. */
export function row(reading: Reading, tail: string): string {
  return `{"name": "${reading.name}", "type": "${reading.type}", "unit": "${reading.unit}", "volume": ${reading.volume}, "resource_id": "${reading.resource}", ${tail}\n`;
}

/** What the rows of one poll of one resource share; each row adds an id of its own. */
export function rowTail(
  random: Random,
  shared: {
    readonly project: string;
    readonly userId: string;
    readonly at: InstantUs;
    readonly metadata: string;
  },
): (random: Random) => string {
  const time = new Date(Math.floor(shared.at / 1_000)).toISOString().slice(0, 19);
  const micros = (shared.at % 1_000_000).toString().padStart(6, '0');
  const project = PROJECT_IDS[shared.project] ?? shared.project;
  const poll = random.integer(0x1_0000_0000).toString(16).padStart(8, '0');
  const head = `"user_id": "${shared.userId}", "user_name": null, "project_id": "${project}", "project_name": "${shared.project}", "timestamp": "${time}.${micros}", "resource_metadata": ${shared.metadata}, "source": "openstack", "id": "${poll}-`;
  return (source) => {
    const id = source.integer(0x1_0000_0000).toString(16).padStart(8, '0');
    return `${head}${id.slice(0, 4)}-11f0-${id.slice(4)}-00163e000001", "monotonic_time": null}`;
  };
}
