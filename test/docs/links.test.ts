import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const DECISIONS = readdirSync(join(ROOT, 'docs/adr')).map((name) => name.slice(0, 4));

function headings(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(join(ROOT, page), 'utf8');

  it('links to what is there', () => {
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      if (link.startsWith('http')) return [];
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path);
      if (!existsSync(target)) return [link];
      const isThere =
        anchor === undefined || headings(readFileSync(target, 'utf8')).includes(anchor);
      return isThere ? [] : [link];
    });
    expect(broken).toEqual([]);
  });

  it('names files and decisions that are there', () => {
    const files = [
      ...text.matchAll(/`((?:docs|lib|functions|infra|cli|test|bench|lint)\/[\w./-]*)`/g),
    ];
    const lost = files.map(([, path = '']) => path).filter((path) => !existsSync(join(ROOT, path)));
    expect(lost).toEqual([]);
    const cited = [...text.matchAll(/ADR (\d{4})/g)].map(([, number = '']) => number);
    expect(cited.filter((number) => !DECISIONS.includes(number))).toEqual([]);
  });
});
