/** Samples as Ceilometer's file publisher writes them, without end and in no memory: for the ingest of any size. */

const INSTANCES = 2_000;
/** Meter, type, unit: what Ceilometer polls of an instance, meter by meter. */
const METERS = [
  ['vcpus', 'gauge', 'vcpu'],
  ['memory', 'gauge', 'MiB'],
  ['instance', 'gauge', 'instance'],
  ['disk.root.size', 'gauge', 'GiB'],
  ['memory.usage', 'gauge', 'MiB'],
  ['cpu', 'cumulative', 'ns'],
  ['network.outgoing.bytes', 'cumulative', 'B'],
  ['power.state', 'gauge', 'state'],
] as const;
const POLL_ROWS = INSTANCES * METERS.length;
const POLL_SECONDS = 300;
/** Day of the first poll. */
const START_MS = Date.UTC(2026, 8, 1);
/** What a poll changes is of one width in all rows: it is written over. */
const TIME = '2026-09-01T00:00:00.000000';
const COUNTER = 1_000_000_000_000;
const CHUNK_BYTES = 262_144;
const LF = 10;

function hex(digits: number, seed: number): string {
  let text = '';
  for (let state = seed >>> 0; text.length < digits; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(16).padStart(8, '0');
  }
  return text.slice(0, digits);
}

function uuid(seed: number): string {
  const digits = hex(32, seed);
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join('-');
}

function metadataOf(instance: number) {
  return {
    display_name: `vm-${instance}`,
    name: `instance-${hex(8, instance)}`,
    instance_id: uuid(instance + 5_000),
    instance_type: 'm1.large',
    host: hex(56, instance % 80),
    instance_host: `compute-${instance % 80}.example.net`,
    flavor: { id: '42', name: 'm1.large', vcpus: 4, ram: 8_192, disk: 80, ephemeral: 0, swap: 0 },
    status: 'active',
    state: 'running',
    task_state: '',
    image: null,
    image_ref: null,
    image_ref_url: null,
    architecture: 'x86_64',
    OS_type: 'hvm',
    vcpus: 4,
    memory_mb: 8_192,
    disk_gb: 80,
    ephemeral_gb: 0,
    root_gb: 80,
  };
}

/** In the blanks of Python's json. */
function rowOf(number: number): string {
  const instance = number % INSTANCES;
  const [name, type, unit] = METERS[Math.floor(number / INSTANCES)] ?? METERS[0];
  const sample = {
    name,
    type,
    unit,
    volume: type === 'gauge' ? 4 : COUNTER + instance,
    user_id: hex(32, instance % 50),
    user_name: null,
    project_id: hex(32, (instance % 40) + 1_000),
    project_name: null,
    resource_id: uuid(instance + 5_000),
    timestamp: TIME.slice(0, -6) + String((number * 61) % 1_000_000).padStart(6, '0'),
    resource_metadata: metadataOf(instance),
    source: 'openstack',
    id: uuid(number * 7 + 1),
    monotonic_time: 1_000_000.125 + number,
  };
  return JSON.stringify(sample).replaceAll('":', '": ').replaceAll(',"', ', "');
}

/** One poll of all meters of all instances, and where in it each row has what the next poll changes. */
function pollOf() {
  const places: { time: number; id: number; volume: number; clock: number }[] = [];
  let text = '';
  for (let number = 0; number < POLL_ROWS; number += 1) {
    const row = rowOf(number);
    const at = (key: string) => text.length + row.lastIndexOf(`"${key}": `) + key.length + 4;
    const isCounter = row.includes('"cumulative"');
    places.push({
      time: at('timestamp') + 1,
      id: at('id') + 1,
      volume: isCounter ? at('volume') : -1,
      clock: at('monotonic_time'),
    });
    text += `${row}\n`;
  }
  return { bytes: Buffer.from(text), places };
}

const HEX = Buffer.from('0123456789abcdef', 'latin1');

/**
 * @returns chunks of JSON lines of so many samples, the same each time; a chunk is written over when the next poll is
 *   asked for, some 16 MB later
 */
export function* sampleStream(rows: number): Generator<Uint8Array> {
  const { bytes, places } = pollOf();
  for (let first = 0, poll = 0; first < rows; first += POLL_ROWS, poll += 1) {
    const at = new Date(START_MS + poll * POLL_SECONDS * 1_000).toISOString().slice(0, 19);
    const [whole, clock] = [at, String(1_000_000 + poll * POLL_SECONDS)].map((text) =>
      Buffer.from(text, 'latin1'),
    );
    for (let number = 0; number < places.length; number += 1) {
      const place = places[number];
      if (!place || !whole || !clock) continue;
      bytes.set(whole, place.time);
      bytes.set(clock, place.clock);
      writeHex(bytes, place.id, first + number);
      if (place.volume === -1) continue;
      bytes.write(String(COUNTER + poll * 123_456_789 + number), place.volume, 'latin1');
    }
    const left = rows - first;
    const end =
      left >= POLL_ROWS
        ? bytes.length
        : bytes.lastIndexOf(LF, places[left]?.time ?? bytes.length) + 1;
    for (let start = 0; start < end; start += CHUNK_BYTES) {
      yield bytes.subarray(start, Math.min(start + CHUNK_BYTES, end));
    }
  }
}

/** The eight digits that make each id another. */
function writeHex(bytes: Uint8Array, at: number, value: number): void {
  for (let digit = 0; digit < 8; digit += 1) {
    bytes[at + digit] = HEX[(value >>> (28 - digit * 4)) & 15] ?? 0;
  }
}
