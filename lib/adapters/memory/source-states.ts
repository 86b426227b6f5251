import { compareText } from '../../identifiers.ts';
import type { SourceLease, SourceState, SourceStates } from '../../ports/sources.ts';

interface Row {
  state: SourceState | null;
  lease: { readonly token: string; readonly untilMs: number } | null;
}

export function memorySourceStates(): SourceStates {
  const rows = new Map<string, Row>();
  let tokens = 0;
  const held = ({ id, token }: SourceLease): Row | null => {
    const row = rows.get(id);
    return row?.lease?.token === token ? row : null;
  };
  return {
    async get(id) {
      return structuredClone(rows.get(id)?.state ?? null);
    },
    async list() {
      const states = [...rows.values()].flatMap(({ state }) => (state === null ? [] : [state]));
      return structuredClone(states).toSorted((a, b) => compareText(a.id, b.id));
    },
    async lease(id, { now, seconds }) {
      const row = rows.get(id) ?? { state: null, lease: null };
      if (row.lease !== null && row.lease.untilMs > now.getTime()) return null;
      tokens += 1;
      const token = String(tokens);
      rows.set(id, { ...row, lease: { token, untilMs: now.getTime() + seconds * 1_000 } });
      return { id, token };
    },
    async extend(lease, { now, seconds }) {
      const row = held(lease);
      if (row === null) return false;
      row.lease = { token: lease.token, untilMs: now.getTime() + seconds * 1_000 };
      return true;
    },
    async save(lease, state) {
      const row = held(lease);
      if (row === null) return false;
      row.state = structuredClone(state);
      return true;
    },
    async release(lease) {
      const row = held(lease);
      if (row !== null) row.lease = null;
    },
  };
}
