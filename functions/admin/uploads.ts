import { factOf } from '../../lib/audit/audit-entry.ts';
import { actorSegment, formatSegment } from '../../lib/ingest/landing-key.ts';
import { createUpload } from '../http/contracts/ingests.ts';
import { json } from '../http/reply.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';

/** Long enough for a large file over a slow line; the URL is good for one key only. */
const UPLOAD_SECONDS = 3_600;

export function uploadRoutes(
  ports: Pick<AdminPorts, 'audit' | 'landing' | 'now' | 'uuid'>,
): Implementation[] {
  return [
    implement(createUpload, async ({ body, actor }) => {
      const uploadId = ports.uuid();
      const now = ports.now();
      const day = now.toISOString().slice(0, 10);
      const told = `${actorSegment(actor)}${formatSegment(body.format ?? null)}`;
      const folder = `region=${body.region}/${day}/upload/${told}${uploadId}`;
      const ingestKey = `${folder}/${body.fileName}`;
      const url = await ports.landing.presignPut(ingestKey, { expiresSeconds: UPLOAD_SECONDS });
      await ports.audit.append(
        factOf({
          at: now.toISOString(),
          actor,
          action: 'upload.create',
          subject: ingestKey,
        }),
      );
      const expiresAt = new Date(now.getTime() + UPLOAD_SECONDS * 1_000).toISOString();
      return json(201, { uploadId, ingestKey, url, method: 'PUT', expiresAt });
    }),
  ];
}
