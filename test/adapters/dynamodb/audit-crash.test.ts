import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamodbAuditLog } from '../../../lib/adapters/dynamodb/audit-log.ts';
import { dynamodbConfigStore } from '../../../lib/adapters/dynamodb/config-store.ts';
import type { Table } from '../../../lib/adapters/dynamodb/table.ts';
import { verifyLog } from '../../../lib/audit/verify-log.ts';
import { embeddedTable } from '../../contract/embedded.ts';

let server: Awaited<ReturnType<typeof embeddedTable>>;
let table: Table;
beforeAll(async () => {
  server = await embeddedTable();
  table = server.table;
});
afterAll(() => server.stop());

const STACK_NAME = 'kill';
/** Every call from this one on fails: the process is dead. */
function killAt(call: number, when: 'before' | 'after'): () => number {
  let calls = 0;
  table.client.middlewareStack.add(
    (next) => async (args) => {
      calls += 1;
      const dead = () => Object.assign(new Error('killed'), { name: 'Killed' });
      if (calls > call || (calls === call && when === 'before')) throw dead();
      const answer = await next(args);
      if (calls === call) throw dead();
      return answer;
    },
    { step: 'initialize', name: STACK_NAME, priority: 'low' },
  );
  return () => calls;
}

describe('a writer of configuration that is killed', () => {
  const put = (id: string, expectedVersion: number) =>
    dynamodbConfigStore(table).put({
      kind: 'team',
      id,
      body: { id, expectedVersion },
      actor: 'ann',
      updatedAt: '2026-11-21T00:00:00.000Z',
      expectedVersion,
    });

  it('leaves no change without its entry and none with two, whichever call it dies at', async () => {
    let [call, died] = [0, 0];
    for (let isOver = false; !isOver; ) {
      call += 1;
      for (const when of ['before', 'after'] as const) {
        const id = `team-${when}-${call}`;
        await put(id, 0);
        const calls = killAt(call, when);
        isOver = await put(id, 1).then(
          () => true,
          () => false,
        );
        table.client.middlewareStack.remove(STACK_NAME);
        if (isOver) expect(calls()).toBeLessThan(call + (when === 'before' ? 0 : 1));
        else died += 1;
        // Somebody writes something else.
        await put(`${id}-other`, 0);
        const present = await dynamodbConfigStore(table).get('team', id);
        const entries = await Array.fromAsync(dynamodbAuditLog(table).list(0));
        const own = entries.filter(({ subject }) => subject === id).map(({ version }) => version);
        expect({ when, call, own }).toEqual({
          when,
          call,
          own: present?.version === 2 ? [1, 2] : [1],
        });
        expect(await verifyLog(entries, [])).toMatchObject({ ok: true });
      }
    }
    // Index, document, head, put, entries behind the head, entry, mark: each twice.
    expect(died).toBeGreaterThanOrEqual(14);
  }, 60_000);
});
