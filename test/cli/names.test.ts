import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { named } from '../../cli/named.ts';
import { type Server, serve } from './server.ts';

let server: Server;
let folder: string;
beforeEach(async () => {
  server = await serve();
  folder = await mkdtemp(join(tmpdir(), 'headroom-names-'));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('names', () => {
  it('are imported from exports of Keystone, and listed', async () => {
    const projects = await file('projects.json', '[{"ID":"p1","Name":"Payments"}]');
    const imported = await server.headroom(['names', 'import', projects, '--kind', 'project']);
    expect(imported).toEqual({ code: 0, out: `${projects} names=1 refused=0\n`, err: '' });
    const { out } = await server.headroom(['names', 'list', '-o', 'table']);
    expect(out).toBe('id  name      domain\np1  Payments\n');
    expect(JSON.parse((await server.headroom(['names', 'list', '-o', 'json'])).out)).toEqual([
      { kind: 'project', id: 'p1', name: 'Payments', domain: null },
    ]);
  });

  it('are sent in batches that the API takes', async () => {
    const rows = Array.from({ length: 4_100 }, (_, index) => `resource,r${index},name ${index}`);
    const csv = await file('names.csv', `kind,id,name\n${rows.join('\n')}\n`);
    const { out } = await server.headroom(['names', 'import', csv]);
    expect(out).toContain('names=4100');
    expect((await server.ports.names.find('resource', ['r4099'])).get('r4099')?.name).toBe(
      'name 4099',
    );
  });

  it('that are wrong cost themselves alone, and the exit code', async () => {
    const csv = await file('names.csv', 'kind,id,name\nproject,p1,A\nteam,x,B\n');
    const { code, out, err } = await server.headroom(['names', 'import', csv]);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: `${csv} names=1 refused=1\n`,
      err: `${csv}: line 3: kind must be project, user or resource\n`,
    });
  });

  it('of a damaged file leave nothing half done', async () => {
    const good = await file('a.csv', 'kind,id,name\nproject,p1,A\n');
    const bad = await file('b.json', '[{"id":');
    const { code, err } = await server.headroom(['names', 'import', good, bad]);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining(bad) });
    expect((await server.ports.names.find('project', ['p1'])).size).toBe(0);
  });

  it.each([['rename'], ['import'], ['list', 'x']])('want import or list: %j', async (...words) => {
    expect((await server.headroom(['names', ...words])).code).toBe(2);
  });

  it('stand before the id, which is cut short', () => {
    expect(named('5f0c1a52b2d14e6c', 'payments')).toBe('payments (5f0c1a52)');
    expect(named('p1', 'payments')).toBe('payments (p1)');
    expect(named('p1', null)).toBe('p1');
    expect(named('p1', 'p1')).toBe('p1');
  });
});
