import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Server, serve } from './server.ts';

let server: Server;
beforeEach(async () => {
  server = await serve();
});
afterEach(() => server.close());

/** Ends the run that the command starts, as soon as it looks at it. */
function whenRebuilding(end: Parameters<Server['ports']['rebuilding']['finish']>[1]): void {
  server.ports.rebuildRuns.describe = async (name) => {
    const run = await server.ports.rebuilding.describe(`memory:${name}`);
    if (run?.status === 'RUNNING') server.ports.rebuilding.finish(name, end);
    return await server.ports.rebuilding.describe(`memory:${name}`);
  };
}

const DONE = {
  status: 'SUCCEEDED' as const,
  output: { done: true, restored: { manifests: 3, ingests: 7 } },
};

describe('rebuild', () => {
  it('starts a run, waits for it and tells what it restored', async () => {
    whenRebuilding(DONE);
    const { code, out } = await server.headroom(['rebuild', '--as', 'ann']);
    expect({ code, out }).toEqual({ code: 0, out: 'restored manifests=3 ingests=7\n' });
    const [run] = server.ports.rebuilding.runs;
    expect(run?.name).toMatch(/^rebuild-20261121T120000-1$/);
    expect(run?.input).toMatchObject({ region: null, dryRun: false, actor: 'ann' });
  });

  it('of one region only counts with --dry-run', async () => {
    whenRebuilding(DONE);
    const { out } = await server.headroom([
      'rebuild',
      '--region',
      'west',
      '--dry-run',
      '-o',
      'json',
    ]);
    expect(JSON.parse(out)).toEqual({ dryRun: true, restored: { manifests: 3, ingests: 7 } });
    expect(server.ports.rebuilding.runs[0]?.input).toMatchObject({ region: 'west', dryRun: true });
  });

  it('tells why it failed', async () => {
    const cause = JSON.stringify({ errorMessage: 'The lake is not there.' });
    whenRebuilding({ status: 'FAILED', cause });
    const { code, err } = await server.headroom(['rebuild']);
    expect(code).toBe(1);
    expect(err).toContain('The lake is not there.');
  });

  it('is refused while another runs', async () => {
    await server.ask('POST /v1/rebuilds', { body: {} });
    expect(await server.ask('POST /v1/rebuilds', { body: {} })).toMatchObject({ status: 409 });
    expect(await server.ask('GET /v1/rebuilds/close-2026-10-1')).toMatchObject({ status: 404 });
  });
});
