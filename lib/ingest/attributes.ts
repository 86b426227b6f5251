import { canonicalJson } from './canonical-json.ts';
import { parseVolume } from './volume.ts';

/** What metering needs of a sample's metadata (DESIGN section 4), and the metadata itself. */
export interface Attributes {
  /** JSON with sorted keys and no blanks; empty text when the row has no metadata. */
  readonly canonical: string;
  /** Empty text when unknown. */
  readonly flavor: string;
  readonly volumeType: string;
  readonly deleted: boolean;
  readonly shelved: boolean;
  /** As the source spells it: `active`, `in-use`; empty when it says none. */
  readonly state: string;
  /** In units of 10^-18 vCPU; null when unknown. */
  readonly sizeVcpus: bigint | null;
  /** In units of 10^-18 MiB; null when unknown. */
  readonly sizeMemoryMib: bigint | null;
}

export const NO_ATTRIBUTES: Attributes = {
  canonical: '',
  flavor: '',
  volumeType: '',
  deleted: false,
  shelved: false,
  state: '',
  sizeVcpus: null,
  sizeMemoryMib: null,
};

type Metadata = Readonly<Record<string, unknown>>;

/**
 * Reads metadata, nested as publishers write it or flat as the old API gives it.
 *
 * @throws RowRefused `nested_too_deep`
 * @throws SyntaxError when the text is not JSON
 */
export function readAttributes(text: string, nestingMax: number): Attributes {
  const metadata: unknown = JSON.parse(text);
  const canonical = canonicalJson(text, nestingMax);
  if (!isMetadata(metadata)) return { ...NO_ATTRIBUTES, canonical };
  const flavor = isMetadata(metadata['flavor']) ? metadata['flavor'] : {};
  const status = lower(metadata['status']);
  const state = lower(metadata['state']);
  const event = lower(metadata['event_type']);
  return {
    canonical,
    flavor: firstText(flavor['name'], metadata['flavor.name'], metadata['instance_type']),
    volumeType: firstText(metadata['volume_type']),
    deleted:
      status === 'deleted' ||
      state === 'deleted' ||
      event.endsWith('delete.end') ||
      event === 'image.delete',
    shelved: status === 'shelved_offloaded' || state === 'shelved_offloaded',
    state: firstText(metadata['state'], metadata['status']),
    sizeVcpus: firstSize(flavor['vcpus'], metadata['flavor.vcpus'], metadata['vcpus']),
    sizeMemoryMib: firstSize(flavor['ram'], metadata['flavor.ram'], metadata['memory_mb']),
  };
}

function isMetadata(value: unknown): value is Metadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function lower(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : '';
}

/** The old API writes Python's None as text. */
function firstText(...candidates: readonly unknown[]): string {
  for (const candidate of candidates) {
    if (typeof candidate === 'number') return String(candidate);
    if (typeof candidate !== 'string' || candidate === '' || candidate === 'None') continue;
    return candidate.toWellFormed();
  }
  return '';
}

/** Sizes are small numbers, or the text of one: a double holds them. */
function firstSize(...candidates: readonly unknown[]): bigint | null {
  for (const candidate of candidates) {
    if (typeof candidate !== 'number' && typeof candidate !== 'string') continue;
    const size = parseVolume(String(candidate).trim());
    if (size !== null && size >= 0n) return size;
  }
  return null;
}
