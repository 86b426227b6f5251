import { changeOf } from '../../audit/change-of.ts';
import { compareText } from '../../identifiers.ts';
import type { ConfigDocument, ConfigKind, ConfigStore } from '../../ports/config-store.ts';
import { staleConfig } from '../store-problems.ts';
import { type MemoryAuditLog, memoryAuditLog } from './audit-log.ts';

/** A deleted document keeps its version, so that one made anew under its id never has an old ETag. */
interface Row {
  readonly document: ConfigDocument;
  readonly deleted: boolean;
}

export function memoryConfigStore(audit: MemoryAuditLog = memoryAuditLog()): ConfigStore {
  const rows = new Map<string, Row>();
  const nextVersion = (kind: ConfigKind, id: string, expectedVersion: number): number => {
    const row = rows.get(`${kind}/${id}`);
    const present = row === undefined || row.deleted ? null : row.document.version;
    if ((present ?? 0) !== expectedVersion)
      throw staleConfig({ kind, id }, expectedVersion, present);
    return (row?.document.version ?? 0) + 1;
  };
  return {
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
      const before = rows.get(`${fields.kind}/${fields.id}`) ?? null;
      const document = structuredClone({ ...fields, version });
      const row = { document, deleted: false };
      rows.set(`${fields.kind}/${fields.id}`, row);
      await audit.append(await changeOf(before, row));
      return structuredClone(document);
    },
    async delete(kind, id, { expectedVersion, actor, at }) {
      const version = nextVersion(kind, id, expectedVersion);
      const before = rows.get(`${kind}/${id}`) ?? null;
      const document = { kind, id, version, body: null, actor, updatedAt: at };
      const row = { document, deleted: true };
      rows.set(`${kind}/${id}`, row);
      await audit.append(await changeOf(before, row));
    },
  };
}
