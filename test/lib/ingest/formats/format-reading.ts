import { nodeByteWork } from '../../../../lib/adapters/node/byte-work.ts';
import { DEFAULT_LIMITS } from '../../../../lib/ingest/limits.ts';
import { ObjectReading } from '../../../../lib/ingest/object-reading.ts';
import type { Refusal } from '../../../../lib/ingest/refusal.ts';
import type { Findings } from '../../../../lib/ingest/row-sink.ts';
import type { Sample } from '../../../../lib/ingest/sample.ts';
import { VOLUME_SCALE } from '../../../../lib/ingest/volume.ts';
import { BUILT_IN_METERS } from '../../../../lib/metering/meter-table.ts';
import { formatInstant, instantOfDate } from '../../../../lib/period/instant.ts';
import { NOW, WEST } from '../ingest-world.ts';

export interface Quarantined extends Refusal {
  readonly line: number;
  readonly row: string;
}

export interface FormatReading {
  readonly format: string;
  readonly read: number;
  readonly samples: readonly Sample[];
  readonly quarantined: readonly Quarantined[];
  readonly findings: Findings;
}

/**
 * What an object of this content gives, before its doubles are resolved.
 * @throws ObjectRefused
 */
export function readFormat(
  content: string | Uint8Array,
  changes: {
    readonly format?: string;
    readonly putAt?: Date;
    readonly telemetrySecret?: string;
  } = {},
): FormatReading {
  const samples: Sample[] = [];
  const quarantined: Quarantined[] = [];
  const reading = new ObjectReading(
    { add: (sample) => samples.push(sample) },
    {
      region: WEST,
      putAt: instantOfDate(changes.putAt ?? NOW),
      limits: DEFAULT_LIMITS,
      meters: BUILT_IN_METERS,
      format: changes.format ?? null,
      telemetrySecret: changes.telemetrySecret ?? null,
      bytes: nodeByteWork(),
      quarantine: (line, { code, reason }, row) => quarantined.push({ line, code, reason, row }),
    },
  );
  reading.push(Buffer.from(content));
  const findings = reading.end();
  return { format: reading.format, read: reading.read, samples, quarantined, findings };
}

/** As a line that a test can name: `r1 vcpus 2 @2026-10-05T10:00:00Z..2026-10-05T11:00:00Z m1 active`. */
export function sampleLine(sample: Sample): string {
  const { resource, meter, volume, time, heldUntil, attributes } = sample;
  const until = heldUntil === null ? '' : `..${formatInstant(heldUntil)}`;
  const marks = [
    sample.class,
    attributes.state,
    attributes.deleted ? '(deleted)' : '',
    attributes.shelved ? '(shelved)' : '',
  ];
  const told = `${resource} ${meter} ${decimalText(volume)} @${formatInstant(time)}${until}`;
  return [told, ...marks.filter((mark) => mark !== '')].join(' ');
}

function decimalText(unscaled: bigint): string {
  const unit = 10n ** BigInt(VOLUME_SCALE);
  const fraction = (unscaled % unit).toString().padStart(VOLUME_SCALE, '0').replace(/0+$/, '');
  return fraction === '' ? String(unscaled / unit) : `${unscaled / unit}.${fraction}`;
}
