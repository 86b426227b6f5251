import { compareText } from '../../identifiers.ts';
import type {
  AuditEntry,
  ConfigDocument,
  ConfigKind,
  ConfigStore,
} from '../../ports/config-store.ts';
import { staleConfig } from '../store-problems.ts';

/** A deleted document keeps its version, so that one made anew under its id never has an old ETag. */
type Row = { readonly document: ConfigDocument; readonly deleted: boolean };

export function memoryConfigStore(): ConfigStore & { readonly entries: readonly AuditEntry[] } {
  const rows = new Map<string, Row>();
  const entries: AuditEntry[] = [];
  const nextVersion = (kind: ConfigKind, id: string, expectedVersion: number): number => {
    const row = rows.get(`${kind}/${id}`);
    const present = row === undefined || row.deleted ? null : row.document.version;
    if ((present ?? 0) !== expectedVersion)
      throw staleConfig({ kind, id }, expectedVersion, present);
    return (row?.document.version ?? 0) + 1;
  };
  return {
    entries,
    async get(kind, id) {
      const row = rows.get(`${kind}/${id}`);
      return row && !row.deleted ? structuredClone(row.document) : null;
    },
    async list(kind) {
      return [...rows.values()]
        .filter((row) => row.document.kind === kind && !row.deleted)
        .map((row) => structuredClone(row.document))
        .toSorted((a, b) => compareText(a.id, b.id));
    },
    async put({ expectedVersion, ...fields }) {
      const version = nextVersion(fields.kind, fields.id, expectedVersion);
      const document = structuredClone({ ...fields, version });
      rows.set(`${fields.kind}/${fields.id}`, { document, deleted: false });
      entries.push({
        at: fields.updatedAt,
        actor: fields.actor,
        action: `${fields.kind}.put`,
        subject: fields.id,
        version,
      });
      return structuredClone(document);
    },
    async delete(kind, id, { expectedVersion, actor, at }) {
      const version = nextVersion(kind, id, expectedVersion);
      const document = { kind, id, version, body: null, actor, updatedAt: at };
      rows.set(`${kind}/${id}`, { document, deleted: true });
      entries.push({ at, actor, action: `${kind}.delete`, subject: id, version });
    },
    async audit(entry) {
      entries.push({ ...entry });
    },
  };
}
