import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../cli/command-list.ts';
import { ROUTE_TABLE } from '../../functions/http/route-table.ts';
import { headroom } from './server.ts';

const page = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

describe('the guide to the API', () => {
  it('names every route, and no other', () => {
    const named = [...page('api.md').matchAll(/`((?:GET|POST|PUT|DELETE) \/v1\/[^`?]+)`/g)];
    const routes = new Set(named.map((match) => match[1]));
    expect([...routes].toSorted()).toEqual(ROUTE_TABLE.map(({ key }) => key).toSorted());
  });
});

describe('the guide to the command line', () => {
  it.each(COMMANDS.map(({ name }) => name))('shows %s as its help does', async (name) => {
    const { out } = await headroom([name, '--help']);
    const usage = [...out.matchAll(/^(?:Usage:|\s{6}) (headroom .*)$/gm)].map((match) => match[1]);
    expect(usage.length).toBeGreaterThan(0);
    for (const line of usage) expect(page('cli.md')).toContain(`\n${line}\n`);
  });
});
