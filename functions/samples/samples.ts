import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ProblemError } from '../../lib/errors.ts';
import { parseRegion, type Region } from '../../lib/identifiers.ts';
import { ingestId } from '../../lib/ingest/ingest-id.ts';
import {
  actorSegment,
  dayPrefix,
  formatSegment,
  isFormatName,
} from '../../lib/ingest/landing-key.ts';
import { dayOf } from '../../lib/period/calendar.ts';
import { instantOfDate } from '../../lib/period/instant.ts';
import type { ByteWork } from '../../lib/ports/byte-work.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { actorOf } from '../http/actor.ts';
import { problemReply } from '../http/problem.ts';
import { json, type Reply, resultOf } from '../http/reply.ts';
import type { RouterOptions } from '../http/router.ts';
import { bodyBytes, isGzip } from './body-bytes.ts';

export interface SamplesDeps {
  readonly landing: Pick<ObjectStore, 'put'>;
  readonly bytes: Pick<ByteWork, 'sha256'>;
  readonly now: () => Date;
  readonly logError: RouterOptions['logError'];
}

type SamplesEvent = Pick<
  APIGatewayProxyEventV2,
  | 'body'
  | 'headers'
  | 'isBase64Encoded'
  | 'pathParameters'
  | 'queryStringParameters'
  | 'requestContext'
>;

const NAME_DIGITS = 32;

/**
 * Takes samples as Ceilometer's http publisher posts them: whatever they are, they are put into the
 * landing bucket as they came, and the ingest id under which they will be read is told. The publisher
 * does not try again, so nothing is refused here that ingest could refuse with a reason.
 */
export function samplesHandler(deps: SamplesDeps) {
  return async (event: SamplesEvent): Promise<APIGatewayProxyStructuredResultV2> => {
    const { requestId } = event.requestContext;
    const reply = await takeSamples(deps, event).catch((error: unknown) => {
      if (!(error instanceof ProblemError)) {
        const cause = error instanceof Error ? error : new Error(String(error));
        deps.logError('POST samples failed', { error: cause, requestId });
      }
      return problemReply(error, { requestId });
    });
    return resultOf(reply);
  };
}

async function takeSamples(deps: SamplesDeps, event: SamplesEvent): Promise<Reply> {
  const region = parseRegion(event.pathParameters?.['region'] ?? '');
  const folder = `http/${actorSegment(actorOf(event.headers))}${formatSegment(formatOf(event))}`;
  const extension = isGzip(event.headers) ? 'json.gz' : 'json';
  const body = bodyBytes(event);
  const hash = deps.bytes.sha256();
  hash.update(body);
  const sha256 = hash.hex();
  const receivedAt = deps.now();
  const day = dayOf(instantOfDate(receivedAt));
  const name = `${sha256.slice(0, NAME_DIGITS)}.${extension}`;
  const key = `${dayPrefix(region, day)}${folder}${name}`;
  await putOnce(deps, key, body);
  return accepted({ region, receivedAt, ingestId: ingestId(deps.bytes, { region, key, sha256 }) });
}

/** Which formats there are ingest knows, and refuses others with their names. */
function formatOf({ queryStringParameters }: SamplesEvent): string | null {
  const format = queryStringParameters?.['format'];
  if (format === undefined || isFormatName(format)) return format ?? null;
  throw new ProblemError(
    'invalid',
    `"${format.slice(0, 80)}" is no name of a format: leave it out, or name one of docs/formats.md.`,
  );
}

/** The same body of the same sender again on the same day is the object that is there already. */
async function putOnce(deps: SamplesDeps, key: string, body: Uint8Array): Promise<void> {
  try {
    await deps.landing.put(key, body, { contentType: 'application/json', ifAbsent: true });
  } catch (error) {
    if (!(error instanceof ProblemError && error.kind === 'conflict')) throw error;
  }
}

function accepted(taken: {
  readonly ingestId: string;
  readonly region: Region;
  readonly receivedAt: Date;
}): Reply {
  return json(202, { ...taken, receivedAt: taken.receivedAt.toISOString() });
}
