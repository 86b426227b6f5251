import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRecords } from '../../../lib/names/csv-records.ts';
import { readNames } from '../../../lib/names/read-names.ts';

const P1 = { kind: 'project', id: 'p1', name: 'Payments', domain: null };

describe('names', () => {
  it.each([
    [
      'a body of GET /v3/projects',
      { links: {}, projects: [{ id: 'p1', name: 'Payments', domain_id: 'default' }] },
      null,
      { ...P1, domain: 'default' },
    ],
    [
      'a body of GET /v3/users',
      { users: [{ id: 'u1', name: 'anna', domain_id: 'd' }] },
      null,
      { kind: 'user', id: 'u1', name: 'anna', domain: 'd' },
    ],
    [
      'a body of Nova',
      { servers: [{ id: 's1', name: 'web-1' }] },
      null,
      { kind: 'resource', id: 's1', name: 'web-1', domain: null },
    ],
    ['openstack project list -f json', [{ ID: 'p1', Name: 'Payments' }], 'project', P1],
    [
      'openstack project list --long -f json',
      [{ ID: 'p1', Name: 'Payments', 'Domain ID': 'default', Description: '', Enabled: true }],
      'project',
      { ...P1, domain: 'default' },
    ],
    [
      'openstack user list --long -f json',
      [{ ID: 'u1', Name: 'anna', Email: 'a@example.org', Domain: 'd' }],
      null,
      { kind: 'user', id: 'u1', name: 'anna', domain: 'd' },
    ],
    [
      'openstack server list -f json',
      [{ ID: 's1', Name: 'web-1', Status: 'ACTIVE', Networks: {} }],
      null,
      { kind: 'resource', id: 's1', name: 'web-1', domain: null },
    ],
  ] as const)('are read from %s', (_name, body, kind, expected) => {
    expect(readNames(JSON.stringify(body), kind)).toEqual({ names: [expected], faults: [] });
  });

  it('are read from CSV with any order of columns, quoted or not', () => {
    const text =
      '\uFEFFname,kind,id,domain\r\n"Pay, ""ments""\r\nteam",project,p1,\r\nanna,USER,u1,default\r\n\r\n';
    expect(readNames(text)).toEqual({
      names: [
        { ...P1, name: 'Pay, "ments"\r\nteam' },
        { kind: 'user', id: 'u1', name: 'anna', domain: 'default' },
      ],
      faults: [],
    });
  });

  it('are read from openstack project list -f csv', () => {
    expect(readNames('"ID","Name"\n"p1","Payments"\n', 'project').names).toEqual([P1]);
  });

  it('leave out what has none, and tell what cannot be taken where it stands', () => {
    const text = 'kind,id,name\nproject,p1,Payments\nteam,x,Y\nproject,,Nobody\nresource,r1,\n';
    expect(readNames(text)).toEqual({
      names: [P1],
      faults: [
        'line 3: kind must be project, user or resource',
        'line 4: id must be text of 1 to 255 bytes',
      ],
    });
  });

  it('say that a list does not tell what its ids are', () => {
    expect(readNames('[{"ID":"p1","Name":"Payments"}]').faults).toEqual([
      'entry 1: kind must be project, user or resource',
    ]);
  });

  it.each([
    ['{"networks":[]}', /no list of names/],
    ['[{"id":', /starts as JSON, and is none/],
    ['p1,Payments\n', /must name its columns/],
    ['', /must name its columns/],
  ])('are not read from %j', (text, message) => {
    expect(() => readNames(text)).toThrow(message);
  });
});

describe('CSV', () => {
  it('gives back any fields as they were written', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') });
    fc.assert(
      fc.property(
        fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
        (rows) => {
          const text = rows
            .map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`)
            .join('');
          expect(csvRecords(text).map(({ fields }) => fields)).toEqual(rows);
        },
      ),
    );
  });

  it('knows the line that a record starts at', () => {
    expect(csvRecords('a,b\n"x\ny",2\n\n3,4').map(({ line }) => line)).toEqual([1, 2, 5]);
  });
});
