import { compareText } from '../../identifiers.ts';
import type { Name, NameStore } from '../../ports/names.ts';

export function memoryNameStore(): NameStore {
  const names = new Map<string, Name>();
  const keyOf = ({ kind, id }: Pick<Name, 'kind' | 'id'>): string => `${kind} ${id}`;
  return {
    async put(changes) {
      for (const { name, ...of } of changes) {
        if (name === null) names.delete(keyOf(of));
        else names.set(keyOf(of), { ...of, name });
      }
    },
    async find(kind, ids) {
      const found = ids.flatMap((id) => {
        const name = names.get(keyOf({ kind, id }));
        return name === undefined ? [] : [[id, name] as const];
      });
      return new Map(found);
    },
    async list(kind, { after, limit }) {
      return [...names.values()]
        .filter((name) => name.kind === kind)
        .toSorted((a, b) => compareText(a.id, b.id))
        .filter(({ id }) => after === null || compareText(id, after) > 0)
        .slice(0, limit);
    },
  };
}
