import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const LINES_MAX = 200;
/** Names that say nothing of what is in a file, so that anything ends up there. */
const EMPTY_NAMES = /\/(?:utils?|helpers?|common|types|mapper)\.ts$/;

const SOURCES = ['cli', 'functions', 'infra', 'lib'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

it('keeps every source file short enough to be read at once', () => {
  const long = SOURCES.filter((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return text.split('\n').length - 1 > LINES_MAX;
  });
  expect(SOURCES.length).toBeGreaterThan(500);
  expect(long).toEqual([]);
});

it('names every source file for what is in it, and hides none behind an index', () => {
  expect(SOURCES.filter((path) => EMPTY_NAMES.test(path))).toEqual([]);
  expect(SOURCES.filter((path) => /^lib\/.*\/index\.ts$/.test(path))).toEqual([]);
});
