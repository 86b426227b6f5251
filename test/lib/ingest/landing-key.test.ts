import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES, formatNamed } from '../../../lib/ingest/detection.ts';
import { formatSegment, isFormatName, parseLandingKey } from '../../../lib/ingest/landing-key.ts';
import { ingestWorld } from './ingest-world.ts';
import { publisherRow } from './samples.ts';

const DAY = 'region=west/2026-11-21';

describe('the format in a landing key', () => {
  it.each([
    { rest: 'http/format=csv-usage/0.json', format: 'csv-usage' },
    { rest: 'http/by=ada/format=csv-usage/0.json', format: 'csv-usage' },
    { rest: 'upload/by=a%2Fb/format=nova-legacy/u/x.csv', format: 'nova-legacy' },
    { rest: 'format=gnocchi/x.json', format: 'gnocchi' },
    { rest: 'format=/x.json', format: '' },
    { rest: 'http/0.json', format: null },
    { rest: 'nightly/format=gnocchi/x.json', format: null },
    { rest: 'format=gnocchi', format: null },
  ])('of $rest is $format', ({ rest, format }) => {
    expect(parseLandingKey(`${DAY}/${rest}`).format).toBe(format);
  });

  it('is written as it is read', () => {
    for (const name of FORMAT_NAMES) {
      expect(isFormatName(name)).toBe(true);
      const key = `${DAY}/upload/by=ada/${formatSegment(name)}u/x`;
      expect(parseLandingKey(key)).toMatchObject({ actor: 'ada', format: name });
      expect(formatNamed(name).name).toBe(name);
    }
    expect(formatSegment(null)).toBe('');
  });

  it('is the format of the object, whatever the content looks like', async () => {
    const [told, named] = await ingestWorld().ingest({
      'x.json': publisherRow(),
      'format=ceilometer-api-v2/x.json': publisherRow(),
    });
    expect(told).toMatchObject({ format: 'ceilometer-publisher', state: 'ingested' });
    expect(named).toMatchObject({ format: 'ceilometer-api-v2', state: 'ingested' });
  });

  it('refuses the object where there is no such format, and names those that there are', async () => {
    const [ingest] = await ingestWorld().ingest({ 'format=csw/x.json': publisherRow() });
    expect(ingest).toMatchObject({ state: 'refused', format: 'none', counts: { read: 0 } });
    expect(ingest?.problem).toMatch(/no format "csw".*ceilometer-api-v2, .*gnocchi/);
  });

  it('has one name for one format', () => {
    expect(new Set(FORMAT_NAMES).size).toBe(FORMAT_NAMES.length);
  });
});
