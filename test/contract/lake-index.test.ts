import { expect, it } from 'vitest';
import { dynamodbLakeIndex } from '../../lib/adapters/dynamodb/lake-index.ts';
import { memoryLakeIndex } from '../../lib/adapters/memory/lake-index.ts';
import { parseRegion } from '../../lib/identifiers.ts';
import { onEachStore } from './on-each-store.ts';

const DATE = '2026-10-05';

onEachStore(
  'parts that others replace',
  { memory: memoryLakeIndex, dynamodb: dynamodbLakeIndex },
  (index) => {
    const partsOf = (name: string, keys: readonly string[]) =>
      keys.map((key) => ({ region: parseRegion(name), date: DATE, key, rows: 1 }));
    const keysOf = async (name: string) =>
      (await index().list(parseRegion(name), DATE)).map(({ key }) => key);

    it('give way to it at one instant, and are forgotten when it is settled', async () => {
      await index().add(partsOf('swap', ['a', 'b', 'c']));
      const merged = {
        ...partsOf('swap', ['m'])[0],
        rows: 2,
        replaces: ['a', 'c'],
        replacedAt: '2026-11-21T12:00:00.000Z',
      } as never;
      await index().replace(merged);
      await index().replace(merged);
      expect(await keysOf('swap')).toEqual(['b', 'm']);
      expect(await index().listMerged(parseRegion('swap'), DATE)).toEqual([merged]);
      await index().settle(merged);
      await index().settle(merged);
      expect(await keysOf('swap')).toEqual(['b', 'm']);
      expect(await index().listMerged(parseRegion('swap'), DATE)).toEqual([]);
    });

    it('stay away when an ingest adds them again', async () => {
      const [part] = partsOf('again', ['a']);
      const [m] = partsOf('again', ['m']);
      await index().add([part as never]);
      const replacedAt = '2026-11-21T12:00:00.000Z';
      await index().replace({ ...(m as never as object), replaces: ['a'], replacedAt } as never);
      await index().add([part as never]);
      expect(await keysOf('again')).toEqual(['m']);
    });

    it('are replaced again by a part of parts', async () => {
      await index().add(partsOf('twice', ['a', 'b', 'c']));
      const at = (n: number) => `2026-11-21T12:00:0${n}.000Z`;
      const merged = (key: string, replaces: string[], n: number) =>
        ({ ...partsOf('twice', [key])[0], replaces, replacedAt: at(n) }) as never;
      await index().replace(merged('x', ['a', 'b'], 1));
      await index().replace(merged('y', ['c', 'x'], 2));
      expect(await keysOf('twice')).toEqual(['y']);
      await index().settle(merged('x', ['a', 'b'], 1));
      expect(await keysOf('twice')).toEqual(['y']);
      await index().settle(merged('y', ['c', 'x'], 2));
      expect(await keysOf('twice')).toEqual(['y']);
    });
  },
);
