import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ingestObjects } from '../../lib/ingest/ingest-objects.ts';
import type { IngestPorts } from '../../lib/ingest/ingest-ports.ts';
import type { Notice } from '../../lib/ingest/landed-object.ts';
import { noticesOf } from './notices.ts';

export interface IngestDeps {
  readonly ports: IngestPorts;
  readonly logError: (message: string, details: { readonly error: Error }) => void;
}

/** Takes up the landing objects of a batch of messages; only messages whose objects failed come again. */
export function ingestHandler({ ports, logError }: IngestDeps) {
  return async (event: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> => {
    const failed = new Set<string>();
    const messagesByKey = new Map<string, string[]>();
    const notices: Notice[] = [];
    const fail = (messageId: string, what: string, error: unknown) => {
      failed.add(messageId);
      logError(`${what} failed`, {
        error: error instanceof Error ? error : new Error(String(error)),
      });
    };
    for (const { messageId, body } of event.Records) {
      try {
        for (const notice of noticesOf(body)) {
          notices.push(notice);
          messagesByKey.set(notice.key, [...(messagesByKey.get(notice.key) ?? []), messageId]);
        }
      } catch (error) {
        fail(messageId, `The message ${messageId}`, error);
      }
    }
    for (const { key, error } of await ingestObjects(ports, notices)) {
      for (const messageId of messagesByKey.get(key) ?? []) fail(messageId, `"${key}"`, error);
    }
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}
