import * as z from 'zod';
import { nodeByteWork } from '../../lib/adapters/node/byte-work.ts';
import { s3Client } from '../../lib/adapters/s3/client.ts';
import { s3ObjectStore } from '../../lib/adapters/s3/object-store.ts';
import { apiLog } from '../http/log.ts';
import { samplesHandler } from './samples.ts';

const env = z.object({ LANDING_BUCKET: z.string().min(1) }).parse(process.env);

export const handler = samplesHandler({
  landing: s3ObjectStore({ client: s3Client(), name: env.LANDING_BUCKET }),
  bytes: nodeByteWork(),
  now: () => new Date(),
  logError: apiLog('samples'),
});
