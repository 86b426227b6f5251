import * as z from 'zod';
import type { Notice } from '../../lib/ingest/landed-object.ts';

/** What S3 sends to a queue (event structure 2.x); members that are not needed may be anything. */
const NOTIFICATION = z.union([
  z.object({ Event: z.literal('s3:TestEvent') }).transform(() => []),
  z
    .object({
      Records: z.array(
        z.object({
          eventName: z.string(),
          eventTime: z.string().optional(),
          s3: z.object({
            object: z.object({ key: z.string().min(1), size: z.number().optional() }),
          }),
        }),
      ),
    })
    .transform(({ Records }) => Records),
]);

/**
 * The objects that a message tells of: none for the test that S3 sends when a bucket is connected.
 * @throws Error when the message is nothing that S3 sends: it belongs in the dead-letter queue
 */
export function noticesOf(body: string): Notice[] {
  return NOTIFICATION.parse(JSON.parse(body))
    .filter(({ eventName }) => eventName.replace(/^s3:/, '').startsWith('ObjectCreated'))
    .map(({ eventTime, s3 }) => ({
      // S3 encodes keys as forms do.
      key: decodeURIComponent(s3.object.key.replaceAll('+', ' ')),
      sizeBytes: s3.object.size ?? 0,
      eventTime: eventTime === undefined ? null : new Date(eventTime),
    }));
}
