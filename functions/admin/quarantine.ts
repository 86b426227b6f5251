import { factOf } from '../../lib/audit/audit-entry.ts';
import { ProblemError } from '../../lib/errors.ts';
import type { Ingest } from '../../lib/ports/ledger.ts';
import { nothingQuarantined, replayKey, replayRows } from '../../lib/quarantine/replay.ts';
import { replayQuarantine } from '../http/contracts/quarantine.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';

const UPLOAD_SECONDS = 3_600;

type ReplayPorts = Pick<
  AdminPorts,
  'ledger' | 'lake' | 'landing' | 'bytes' | 'audit' | 'now' | 'uuid'
>;

export function quarantineRoutes(ports: ReplayPorts): Implementation[] {
  return [
    implement(replayQuarantine, async ({ params, body, actor }) => {
      const ingest = await ports.ledger.get(params.id);
      if (ingest === null) throw new ProblemError('not_found', `There is no ingest ${params.id}.`);
      if (ingest.counts.quarantined === 0) throw nothingQuarantined(ingest, null);
      const answer =
        body.fileName === undefined
          ? await sendAsTheyAre(ingest, { actor, code: body.code ?? null })
          : await placeForFile(ingest, { actor, fileName: body.fileName });
      await ports.audit.append(
        factOf({
          at: ports.now().toISOString(),
          actor,
          action: 'quarantine.replay',
          subject: `${ingest.id} ${answer.ingestKey}`,
        }),
      );
      return json(201, answer);
    }),
  ];

  async function sendAsTheyAre(ingest: Ingest, how: { actor: string; code: string | null }) {
    const { key, rows } = await replayRows(ports, ingest, how);
    return { ingestKey: key, rows, url: null, method: null, expiresAt: null };
  }

  async function placeForFile(ingest: Ingest, how: { actor: string; fileName: string }) {
    const at = ports.now();
    const name = `${ports.uuid()}/${how.fileName}`;
    const ingestKey = replayKey(ingest, { actor: how.actor, at, name });
    const url = await ports.landing.presignPut(ingestKey, { expiresSeconds: UPLOAD_SECONDS });
    const expiresAt = new Date(at.getTime() + UPLOAD_SECONDS * 1_000).toISOString();
    return { ingestKey, rows: null, url, method: 'PUT' as const, expiresAt };
  }
}
