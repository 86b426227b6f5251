import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeByteWork } from '../../../../lib/adapters/node/byte-work.ts';
import { MessageSignatures } from '../../../../lib/ingest/formats/ceilometer-signature.ts';
import { parseWithNumberTexts, pythonText, sortedEntries } from '../../../../lib/python-text.ts';
import { ingestWorld } from '../ingest-world.ts';
import { messagingRow, publisherRow } from '../samples.ts';
import { readFormat } from './format-reading.ts';

const REAL = join(import.meta.dirname, '../../../../../shared/data/formats/ceilometer');
/** The default of Ceilometer. */
const SECRET = 'change this for valid signing';

/** Signed by compute_signature of ceilometer/publisher/utils.py. */
const SIGNATURE = 'fb73c5d8d11cf3e482f636c26dbfe8e26177dd6b5f14968c70c6a32539cb5641';
const MESSAGE =
  '{"source": "openstack", "counter_name": "vcpus", "counter_type": "gauge", "counter_unit": "vcpu", "counter_volume": 1.0, "user_id": "u", "user_name": null, "project_id": "p1", "resource_id": "r1", "timestamp": "2026-10-05T10:00:00+00:00", "resource_metadata": {"flavor": {"name": "m1", "vcpus": 4}, "tags": ["a", "it\'s", {"b": 1e-05, "a": true}], "empty": {}, "size": 1e+16, "name": "café"}, "message_id": "b", "monotonic_time": 12.5}';

function signed(message: string, signature: string): string {
  return `${message.slice(0, -1)}, "message_signature": "${signature}"}`;
}

function codesOf(content: string, telemetrySecret = SECRET): (string | undefined)[] {
  const { samples, quarantined } = readFormat(content, { telemetrySecret });
  return [...samples.map(() => 'taken'), ...quarantined.map(({ code }) => code)];
}

describe('the text that Python makes', () => {
  it.each([
    { json: '1', text: '1' },
    { json: '1.0', text: '1.0' },
    { json: '1.50', text: '1.5' },
    { json: '-0', text: '0' },
    { json: '-0.0', text: '-0.0' },
    { json: '100000.0', text: '100000.0' },
    { json: '1e5', text: '100000.0' },
    { json: '0.0001', text: '0.0001' },
    { json: '0.00001', text: '1e-05' },
    { json: '1.25E-7', text: '1.25e-07' },
    { json: '1e15', text: '1000000000000000.0' },
    { json: '1e16', text: '1e+16' },
    { json: '1.5e300', text: '1.5e+300' },
    { json: '0.30000000000000004', text: '0.30000000000000004' },
    { json: '1e400', text: 'inf' },
    { json: '12345678901234567890123', text: '12345678901234567890123' },
    { json: 'null', text: 'None' },
    { json: 'true', text: 'True' },
    { json: '"it\'s"', text: "it's" },
    { json: '["it\'s"]', text: '["it\'s"]' },
    { json: '["a\\"b\'c"]', text: "['a\"b\\'c']" },
    { json: '[null, false, 1.0, 1]', text: '[None, False, 1.0, 1]' },
    { json: '[{"b": [], "a": {}}]', text: "[{'a': {}, 'b': []}]" },
    { json: '["\\\\ \\n\\r\\t\\u0000\\u007f"]', text: "['\\\\ \\n\\r\\t\\x00\\x7f']" },
    { json: '["é日😀"]', text: "['é日😀']" },
    { json: '["\u00a0\u200b\u2028\ue000"]', text: "['\\xa0\\u200b\\u2028\\ue000']" },
    { json: '["\u{e0001}"]', text: "['\\U000e0001']" },
  ])('of $json is $text', ({ json, text }) => {
    expect(pythonText(parseWithNumberTexts(json), sortedEntries)).toBe(text);
  });
});

describe('a signed message', () => {
  it('is taken with the signature of its secret', () => {
    expect(codesOf(signed(MESSAGE, SIGNATURE))).toEqual(['taken']);
  });

  it('may be signed with a secret longer than a block of the hash', () => {
    const signature = '818f1f89b5196ef95ea6e68d697f442b78473acfb49480b7afa86f789c91da3b';
    expect(codesOf(signed(MESSAGE, signature), 'k'.repeat(80))).toEqual(['taken']);
  });

  it('tells 1 from 1.0', () => {
    const whole = MESSAGE.replace('"counter_volume": 1.0', '"counter_volume": 1');
    expect(codesOf(signed(whole, SIGNATURE))).toEqual(['signature_invalid']);
    const own = '1dbf0acd6f61980bf1c48adf25fe91f4e4c1691aa0529bb8fb9ae3b8872a8824';
    expect(codesOf(signed(whole, own))).toEqual(['taken']);
  });

  it('may have its members in any order, and other escapes and blanks', () => {
    const members = Object.entries(JSON.parse(signed(MESSAGE, SIGNATURE))).toReversed();
    const text = JSON.stringify(Object.fromEntries(members))
      .replace('"counter_volume":1', '"counter_volume":1.0')
      .replace('10000000000000000', '1e16')
      .replace('é', '\\u00e9');
    expect(codesOf(text)).toEqual(['taken']);
  });

  it.each([
    { from: '"p1"', to: '"p2"' },
    { from: '"vcpus": 4', to: '"vcpus": 2' },
    { from: '12.5', to: '12.50001' },
    { from: '"empty": {}', to: '"empty": {"a": ""}' },
    { from: SIGNATURE, to: SIGNATURE.replace('f', 'e') },
  ])('is quarantined with $to in place of $from', ({ from, to }) => {
    expect(codesOf(signed(MESSAGE, SIGNATURE).replace(from, to))).toEqual(['signature_invalid']);
  });

  it('is quarantined under another secret', () => {
    expect(codesOf(signed(MESSAGE, SIGNATURE), 'other')).toEqual(['signature_invalid']);
  });

  it.each([
    MESSAGE,
    signed(MESSAGE, ''),
    messagingRow({ message_signature: null }),
    messagingRow({ message_signature: 7 }),
    publisherRow(),
  ])('is quarantined without a signature: %s', (content) => {
    expect(codesOf(content)).toEqual(['signature_missing']);
  });

  it('is told first what else is wrong with it', () => {
    expect(codesOf(messagingRow({ project_id: null }))).toEqual(['project_missing']);
  });

  it('is not looked at without a secret', () => {
    expect(readFormat(messagingRow({ message_signature: 'ff' })).quarantined).toEqual([]);
  });

  it('is counted by ingest, and kept in the quarantine as it was', async () => {
    const { ingest } = ingestWorld({ telemetrySecret: async () => SECRET });
    const [entry] = await ingest({
      'messages.jsonl': `${signed(MESSAGE, SIGNATURE)}\n${signed(MESSAGE, 'ff')}\n${MESSAGE}\n`,
    });
    expect(entry?.counts).toMatchObject({ read: 3, accepted: 1, quarantined: 2 });
    expect(entry?.reasons.map(({ code }) => code)).toEqual([
      'signature_invalid',
      'signature_missing',
    ]);
  });
});

describe.skipIf(!existsSync(REAL))('real signatures (../shared/data/formats/ceilometer)', () => {
  it('messaging-signature-vectors.json', () => {
    const text = readFileSync(join(REAL, 'messaging-signature-vectors.json'), 'utf8');
    const { secret } = JSON.parse(text);
    const signatures = new MessageSignatures(secret, () => nodeByteWork().sha256());
    // The messages as they are written: parsed and written again, 1.0 would be 1.
    const messages = text
      .slice(text.indexOf('[') + 1, text.lastIndexOf(']'))
      .split(/(?<=\n {2}\}),/);
    expect(messages).toHaveLength(3);
    for (const message of messages) expect(() => signatures.verify(message)).not.toThrow();
    expect(() => signatures.verify(messages[2]?.replace('1.0', '1') ?? '')).toThrow(/not that of/);
  });

  it('messaging-publisher-signed.jsonl', () => {
    const content = readFileSync(join(REAL, 'messaging-publisher-signed.jsonl'), 'utf8');
    expect(codesOf(content)).toEqual(Array(41).fill('taken'));
    expect(codesOf(content, 'other')).toEqual(Array(41).fill('signature_invalid'));
  });
});
