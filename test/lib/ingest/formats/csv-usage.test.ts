import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEPARATORS, splitCsv } from '../../../../lib/ingest/formats/csv-line.ts';
import { ingestWorld } from '../ingest-world.ts';
import { readFormat, sampleLine } from './format-reading.ts';

const HEADER = 'project,resource,meter,unit,volume,start,end,class,state,user,name,id';
const ROW = 'p1,r1,vcpus,vcpu,2,2026-10-05T10:00:00Z,2026-10-05T11:00:00Z,m1,active,u1,web,x';

function lines(content: string | Uint8Array): string[] {
  return readFormat(content).samples.map(sampleLine);
}

describe('a table of usage', () => {
  it('tells a reading over a period', () => {
    const { format, read, samples, findings } = readFormat(`${HEADER}\n${ROW}\n`);
    expect({ format, read }).toEqual({ format: 'csv-usage', read: 1 });
    expect(findings.warning).toBeNull();
    expect(samples.map(sampleLine)).toEqual([
      'r1 vcpus 2 @2026-10-05T10:00:00Z..2026-10-05T11:00:00Z m1 active',
    ]);
    expect(samples[0]).toMatchObject({
      project: 'p1',
      userId: 'u1',
      type: 'gauge',
      unit: 'vcpu',
      source: 'csv',
      messageId: 'x',
      line: 2,
    });
    expect(JSON.parse(samples[0]?.attributes.canonical ?? '')).toEqual({
      display_name: 'web',
      state: 'active',
    });
  });

  it('tells a period of several days as a reading per UTC day, and counts it once', async () => {
    const row = 'p1,v1,volume.size,GiB,100,2026-10-04 22:00:00,2026-10-06 01:00:00';
    const content = `project,resource,meter,unit,volume,start,end\n${row}\n${row}\n`;
    expect(lines(content).slice(0, 3)).toEqual([
      'v1 volume.size 100 @2026-10-04T22:00:00Z..2026-10-05T00:00:00Z',
      'v1 volume.size 100 @2026-10-05T00:00:00Z..2026-10-06T00:00:00Z',
      'v1 volume.size 100 @2026-10-06T00:00:00Z..2026-10-06T01:00:00Z',
    ]);
    const [ingest] = await ingestWorld().ingest({ 'usage.csv': content });
    expect(ingest?.counts).toMatchObject({ read: 2, accepted: 1, duplicate: 1, quarantined: 0 });
  });

  it.each([
    { meter: 'network.outgoing.bytes', unit: 'B', type: 'cumulative' },
    { meter: 'storage.objects.outgoing.bytes', unit: 'B', type: 'delta' },
    { meter: 'memory', unit: 'MiB', type: 'gauge' },
    { meter: 'gpu', unit: 'card', type: 'gauge' },
  ])('tells readings of an instant without an end: $meter is $type', ({ meter, unit, type }) => {
    const content = `project,resource,meter,unit,volume,start\np1,r1,${meter},${unit},0.5,2026-10-05T10:00:00Z`;
    const { samples } = readFormat(content);
    expect(samples).toMatchObject([{ meter, type, heldUntil: null, metered: meter !== 'gpu' }]);
    expect(samples.map(sampleLine)).toEqual([`r1 ${meter} 0.5 @2026-10-05T10:00:00Z`]);
  });

  it('ends a resource exactly with a line whose state is deleted', () => {
    const content = `${HEADER}\np1,r1,vcpus,vcpu,2,2026-10-05T11:00:00Z,,m1,deleted,u1,web,x`;
    expect(lines(content)).toEqual(['r1 vcpus 2 @2026-10-05T11:00:00Z m1 deleted (deleted)']);
  });

  it.each([
    {
      what: 'columns in another order',
      text: 'start,VOLUME,unit,Meter,resource,project\n2026-10-05T10:00:00Z,2,vcpu,vcpus,r1,p1',
    },
    {
      what: 'semicolons',
      text: 'project;resource;meter;unit;volume;start\np1;r1;vcpus;vcpu;2;2026-10-05T10:00:00Z',
    },
    {
      what: 'tabs',
      text: 'project\tresource\tmeter\tunit\tvolume\tstart\np1\tr1\tvcpus\tvcpu\t2\t2026-10-05T10:00:00Z',
    },
    {
      what: 'quotes',
      text: '"project","resource","meter","unit","volume","start"\r\n"p1","r1","vcpus","vcpu","2","2026-10-05T10:00:00Z"\r\n',
    },
    {
      what: 'blanks',
      text: 'project , resource, meter, "unit" ,volume,start\n p1 , "r1",vcpus ,vcpu, 2,2026-10-05 10:00:00',
    },
    {
      what: 'a byte order mark',
      text: '\uFEFFproject,resource,meter,unit,volume,start\np1,r1,vcpus,vcpu,2,2026-10-05T10:00:00',
    },
    {
      what: 'an offset',
      text: 'project,resource,meter,unit,volume,start\np1,r1,vcpus,vcpu,2,2026-10-05T12:00:00+02:00',
    },
    {
      what: 'an exponent',
      text: 'project,resource,meter,unit,volume,start\np1,r1,vcpus,vcpu,0.2e1,2026-10-05T10:00:00',
    },
  ])('may have $what', ({ text }) => {
    expect(lines(text)).toEqual(['r1 vcpus 2 @2026-10-05T10:00:00Z']);
  });

  it('may be several tables behind one another, each with its header', () => {
    const other =
      'meter,unit,volume,start,project,resource\nmemory,MiB,64,2026-10-05T10:00:00,p2,r2\n';
    const { read, samples } = readFormat(`${HEADER}\n${ROW}\n${other}`);
    expect({ read, projects: samples.map(({ project }) => project) }).toEqual({
      read: 2,
      projects: ['p1', 'p2'],
    });
  });

  it.each([
    { column: 'flavour', code: /column "flavour".*class/ },
    { column: 'project', code: /column "project" twice/ },
    { column: '', code: /column ""/ },
  ])('with a column "$column" too many is refused, and told the columns', ({ column, code }) => {
    expect(() => readFormat(`${HEADER},${column}\n${ROW},x\n`)).toThrow(code);
  });

  it.each(['project', 'resource', 'unit', 'start'])('without a column %s is refused', (column) => {
    const header = HEADER.replace(`${column},`, '');
    expect(() => readFormat(`${header}\n${ROW}\n`)).toThrow(`no column "${column}"`);
  });

  it('without a header is refused, when it is said to be one', () => {
    expect(() => readFormat(`${ROW}\n`, { format: 'csv-usage' })).toThrow(
      /header.*project,resource/,
    );
  });

  it.each([
    { row: ROW.replace(',2,', ',two,'), code: 'volume_not_a_number' },
    { row: ROW.replace(',2,', ',"2,5",'), code: 'volume_not_a_number' },
    { row: ROW.replace(',2,', ',-2,'), code: 'volume_negative' },
    { row: ROW.replace(',2,', ',,'), code: 'volume_missing' },
    { row: ROW.replace('p1', ''), code: 'project_missing' },
    { row: ROW.replace('r1', ''), code: 'resource_missing' },
    { row: ROW.replace(',vcpus,', ',,'), code: 'meter_missing' },
    { row: ROW.replace('vcpu,', 'cores,'), code: 'unit_mismatch' },
    { row: ROW.replace('T11:', 'T10:'), code: 'period_reversed' },
    { row: ROW.replace('T11:', 'T09:'), code: 'period_reversed' },
    { row: ROW.replace('2026-10-05T10', '2009-10-05T10'), code: 'period_too_long' },
    { row: ROW.replace('2026-10-05T10:00:00Z', '05.10.2026'), code: 'timestamp_unreadable' },
    { row: ROW.replace('2026-10-05T10:00:00Z', ''), code: 'timestamp_missing' },
    { row: ROW.replace('vcpus,vcpu', 'cpu,ns'), code: 'period_of_counter' },
    { row: `${ROW},more`, code: 'wrong_field_count' },
    { row: `"p1${ROW}`, code: 'invalid_csv' },
  ])('sets a bad line apart with its header, as $code: $row', ({ row, code }) => {
    const { read, samples, quarantined } = readFormat(`${HEADER}\n${row}\n${ROW}\n`);
    expect({ read, samples: samples.length }).toEqual({ read: 2, samples: 1 });
    expect(quarantined).toMatchObject([{ line: 2, code, row: `${HEADER}\n${row}` }]);
    expect(readFormat(quarantined[0]?.row ?? '').quarantined).toMatchObject([{ code }]);
  });
});

describe('a line of CSV', () => {
  const field = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\t', ' ', 'é', '1') });

  it('gives the fields that it was written from', () => {
    fc.assert(
      fc.property(
        fc.array(field, { minLength: 1 }),
        fc.constantFrom(...SEPARATORS),
        (fields, own) => {
          const line = fields.map((text) => `"${text.replaceAll('"', '""')}"`).join(own);
          expect(splitCsv(line, own)).toEqual(fields);
        },
      ),
    );
  });

  it('has one field more than separators outside of quotes', () => {
    expect(splitCsv('a,,"b,c",', ',')).toEqual(['a', '', 'b,c', '']);
    expect(splitCsv('', ',')).toEqual(['']);
  });
});
