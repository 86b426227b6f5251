import type { NameKind, NameStore } from '../../lib/ports/names.ts';
import type { UsageDimension } from '../../lib/ports/usage-sums.ts';

/** What things are called, by id, for each dimension that has names. */
export type DimensionNames = ReadonlyMap<UsageDimension, ReadonlyMap<string, string>>;

const NAMED: readonly NameKind[] = ['project', 'resource'];
const PAGE = 1_000;

/** All names of the dimensions asked for: a row of a result may be of any. */
export async function namesFor(
  names: Pick<NameStore, 'list'>,
  by: readonly UsageDimension[],
): Promise<DimensionNames> {
  const found = new Map<UsageDimension, ReadonlyMap<string, string>>();
  for (const dimension of by) {
    const kind = NAMED.find((one) => one === dimension);
    if (kind !== undefined) found.set(dimension, await allOf(names, kind));
  }
  return found;
}

async function allOf(
  names: Pick<NameStore, 'list'>,
  kind: NameKind,
): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>();
  let after: string | null = null;
  do {
    const page = await names.list(kind, { after, limit: PAGE });
    for (const { id, name } of page) all.set(id, name);
    after = page.length === PAGE ? (page.at(-1)?.id ?? null) : null;
  } while (after !== null);
  return all;
}
